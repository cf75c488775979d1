package import NetworkTypes

/// What the agent is told at its start.
package struct AgentConfiguration: Hashable, Sendable {
    package var nodeName: String
    /// The interface that carries the overlay; nil finds it by the node's address.
    package var underlayInterface: String?
    /// The nodes' addresses at which node ports are served; empty: all of them.
    package var nodePortRanges: [CIDR] = []
    /// Name servers that pods may be told names by, besides the cluster's own; by the addresses that pods ask.
    package var nameServers: [IPAddress] = []
    /// The zone of the cluster's own names.
    package var clusterZone = DomainName("cluster.local")
    /// How often the agent looks for names that were learned.
    package var nameInterval: Duration = .milliseconds(200)
    /// How long an attachment waits for its rules.
    package var attachDeadline: Duration = .seconds(15)
    /// After a pass, events are collected for this long before the next.
    package var coalescing: Duration = .milliseconds(3)
    /// How often the kernel is compared with what it should be, though nothing happened.
    package var observationInterval: Duration = .seconds(60)
    /// How often the kernel is asked whether others changed what is ours; when they did, it is looked at at once, and
    /// asked again after the pause.
    package var noticeInterval: Duration = .milliseconds(200)
    package var noticePause: Duration = .seconds(1)
    /// How often the kernel's counters of drops are read for the status.
    package var dropInterval: Duration = .seconds(2)
    /// Connections are judged again at most this often.
    package var revocationPause: Duration = .milliseconds(20)
    package var shortestRetry: Duration = .milliseconds(50)
    package var longestRetry: Duration = .seconds(1)

    package init(nodeName: String, underlayInterface: String? = nil) {
        self.nodeName = nodeName
        self.underlayInterface = underlayInterface
    }
}
