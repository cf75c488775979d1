package import NetworkTypes

/// With which egress address a connection leaves the cluster, and by which node.
package struct FlowExit: Hashable, Sendable, Codable {
    package var node: String
    /// Nil where the node that saw the flow does not know it.
    package var address: IPAddress?

    package init(node: String, address: IPAddress? = nil) {
        self.node = node
        self.address = address
    }
}

/// What one node knows of the ways by which its pods' connections leave the cluster.
package struct FlowExits: Hashable, Sendable {
    /// This one.
    package var node: String
    /// To which node the connections with a mark go.
    package var nodes: [UInt32: String] = [:]
    /// By a pod's address, with which one it leaves by each node, as the ledger says.
    package var addresses: [IPAddress: [String: IPAddress]] = [:]

    /// How many addresses of pods here have which way: `closed`, `here`, `through`.
    package var ways: [String: Int] = [:]

    package init(node: String) { self.node = node }

    /// Nil for a connection that has no egress address.
    ///
    /// On this node the kernel has translated it; what another does is known from the ledger.
    package func exit(of connection: ConnectionReport) -> FlowExit? {
        guard let target = nodes[connection.mark] else { return nil }
        let source = connection.key.source
        guard target == node else { return FlowExit(node: target, address: addresses[source]?[target]) }
        let sentAs = connection.sentAs == source ? nil : connection.sentAs
        return FlowExit(node: target, address: sentAs)
    }
}
