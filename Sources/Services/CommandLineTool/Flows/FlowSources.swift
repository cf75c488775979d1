import ClusterAPI
import FlowLog
import KubernetesClient
import NodeAgent

/// The nodes whose agents are asked, and those that should be and cannot be.
struct FlowSources: Sendable {
    struct Node: Hashable, Sendable {
        let name: String
        let socket: String
    }

    private(set) var nodes: [Node] = []
    /// Nodes of the cluster without an agent that can be asked from here, and why.
    private(set) var missing: [(name: String, reason: String)] = []

    /// These agents and no others.
    init(runDirectories: [String]) {
        nodes = runDirectories.map { directory in
            Node(
                name: AgentReport.status(in: directory)?.node ?? directory,
                socket: FlowLogService.socket(in: directory))
        }
    }

    /// The cluster's agents on this machine; every other node that its API knows is missing.
    static func find(_ cluster: ClusterOption) async -> FlowSources {
        let asked = AskedCluster(try? cluster.configuration())
        do {
            let all = try await cluster.withClient { client in
                try await client.list(ClusterAPI.Node.self).items.compactMap(\.metadata.name)
            }
            var sources = FlowSources(runDirectories: asked.agentDirectories(nodes: Set(all)))
            let known = Set(sources.nodes.map(\.name))
            sources.missing = all.sorted().filter { !known.contains($0) }.map { name in
                (name, "its agent is not on this machine; ask there")
            }
            return sources
        } catch {
            var sources = FlowSources(runDirectories: asked.agentDirectories(nodes: nil))
            let cause = CommandFailure(error).cause
            sources.missing = [("(others)", "the API server does not say which nodes there are: \(cause)")]
            return sources
        }
    }
}
