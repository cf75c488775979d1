package import ClusterAPI
import KubernetesClient

/// Which agents have fallen silent: those whose Lease has not changed for as long as it lasts.
///
/// Pure: it is shown the Leases and a monotonic time. Only that clock counts, as with leader election: a node's clock
/// may be wrong. An agent that never had a Lease is not judged.
package struct SilentAgents<Instant: InstantProtocol>: Sendable
where Instant.Duration == Duration, Instant: Sendable {
    private var seen: [String: (renewal: String, since: Instant)] = [:]

    package init() {}

    /// The nodes whose agents are silent, with the last renewal by the agent's own clock.
    package mutating func among(_ leases: [Lease], now: Instant) -> [String: String] {
        var silent: [String: String] = [:]
        var next: [String: (renewal: String, since: Instant)] = [:]
        for lease in leases {
            guard let node = AgentLease.node(of: lease) else { continue }
            let renewal = lease.spec?.renewTime ?? ""
            let before = seen[node]
            let since = before?.renewal == renewal ? before?.since ?? now : now
            next[node] = (renewal, since)
            let limit = Duration.seconds(lease.spec?.leaseDurationSeconds ?? AgentLease.seconds)
            if since.duration(to: now) >= limit { silent[node] = renewal }
        }
        seen = next
        return silent
    }
}
