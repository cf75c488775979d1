package import ClusterAPI
import KubernetesClient

extension StatusLine {
    /// A node as the API tells of it: well when it is ready, has a subnet, and its agent lives and is ready.
    ///
    /// - Parameter heartbeat: the Lease of the node's agent. Agents without the right to one have none.
    package static func node(
        _ node: Node, _ subnet: HostSubnet?, heartbeat: Lease?, at now: Timestamp
    ) -> StatusLine {
        let conditions = node.status?.conditions ?? []
        var faults: [String] = []
        switch conditions.first(where: { $0.type == "Ready" }) {
        case nil: faults.append("Ready is not known")
        case let ready? where ready.status != "True": faults.append(ready.reason ?? "not ready")
        default: break
        }
        if let heartbeat, !AgentLease.isFresh(heartbeat, at: now) {
            let time = heartbeat.spec?.renewTime ?? "it began"
            faults.append("its agent has been silent since \(time), or has a wrong clock")
        } else {
            switch conditions.first(where: { $0.type == "GabionReady" }) {
            case nil: faults.append("no agent has reported")
            case let agent? where agent.status != "True":
                faults.append("its agent: \(agent.message ?? agent.reason ?? "not ready")")
            default: break
            }
        }
        let ranges = subnet?.allSubnets.joined(separator: " ") ?? "no pod subnet"
        return StatusLine(
            part: "node \(node.metadata.name ?? "")",
            condition: faults.isEmpty && subnet != nil ? .well : .unwell,
            detail: ([ranges] + faults).joined(separator: ", "))
    }
}
