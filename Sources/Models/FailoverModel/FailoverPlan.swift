package import ClusterAPI
package import NetworkTypes

/// All FailoverGroups of a cluster, and what of them is one node's to do.
package struct FailoverPlan: Hashable, Sendable {
    package let groups: [FailoverGroupPlan]

    /// Of two groups that want the same, the older has it.
    package init(_ groups: some Sequence<FailoverGroup>, nodes: [Node]) {
        var claims = FailoverClaims()
        let nodes = nodes.sorted { $0.key < $1.key }
        self.groups = groups.sorted(by: Self.isOlder).map { group in
            let plan = FailoverGroupPlan(group, nodes, taken: claims)
            claims.add(plan)
            return plan
        }
    }

    private static func isOlder(_ left: FailoverGroup, _ right: FailoverGroup) -> Bool {
        (left.metadata.creationTimestamp ?? "", left.key.name)
            < (right.metadata.creationTimestamp ?? "", right.key.name)
    }

    /// What `node` does for all groups.
    ///
    /// - Parameter interfaces: the node's own.
    package func local(to node: String, interfaces: [InterfaceAddress]) -> LocalFailover {
        var local = LocalFailover()
        for plan in groups { local.add(plan, node: node, interfaces) }
        return local
    }
}

/// An address of one of a node's interfaces, with the network that it is in.
package struct InterfaceAddress: Hashable, Sendable {
    package let interface: String
    package let address: IPAddress
    package let network: CIDR

    package init?(interface: String, address: IPAddress, prefixLength: Int) {
        guard let network = CIDR(address, prefixLength: prefixLength) else { return nil }
        self.interface = interface
        self.address = address
        self.network = network
    }
}
