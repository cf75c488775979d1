package import ClusterAPI
package import NetworkTypes
package import PolicyEngine

/// Every end of a flow in a cluster that analysis asks about: pods by name, nodes by address, and the blocks outside.
package struct ClusterParties: Sendable {
    package let engine: PolicyEngine
    /// Pods by name first, then nodes by address, then blocks.
    package let members: [Member]

    /// - Parameter nodes: Whose InternalIPs and ExternalIPs are asked about; those of nodes without an object come from pods.
    /// - Parameter outside: Blocks that were cut for several engines; by default those of this one.
    package init(_ engine: PolicyEngine, nodes: [Node], outside: OutsideBlocks? = nil) {
        var engine = engine
        // Resolves every endpoint with sharing, so that equal policies are compared by identity.
        _ = engine.drainChanges()
        let pods = engine.podKeys.map { Member(party: .pod($0), blocks: nil, node: engine.node(of: $0)) }
        let nodeMembers = Self.nodeAddresses(engine, nodes).compactMap { address in
            engine.node(at: address).map { Member(party: .address(address), blocks: nil, node: $0) }
        }
        let blocks = outside ?? OutsideBlocks(of: [engine], families: Self.families(of: engine))
        let outer = blocks.groups.map { group in
            Member(party: .address(group.representative), blocks: group.blocks, node: "")
        }
        self.engine = engine
        members = pods + nodeMembers + outer
    }

    /// The families that pods have addresses of; IPv4 if none has any.
    package static func families(of engine: PolicyEngine) -> Set<IPAddress.Family> {
        let found = Set(engine.podKeys.flatMap { engine.addresses(of: .pod($0)) }.map(\.family))
        return found.isEmpty ? [.v4] : found
    }

    /// Addresses of nodes, without those that host-network pods speak for by name.
    private static func nodeAddresses(_ engine: PolicyEngine, _ nodes: [Node]) -> [IPAddress] {
        let texts = nodes.flatMap { $0.internalAddressTexts + $0.externalAddressTexts }
        let reported = engine.podKeys.compactMap { engine.hostAddress(of: $0) }
        return Set(texts.compactMap { IPAddress($0) } + reported).sorted()
    }
}
