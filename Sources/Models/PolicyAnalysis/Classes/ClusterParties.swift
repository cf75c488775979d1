package import ClusterAPI
package import NetworkTypes
package import PolicyEngine

/// Every end of a flow in a cluster that analysis asks about: pods by name, nodes by address, and what is outside, by blocks of
/// addresses and by names.
package struct ClusterParties: Sendable {
    /// One in which every pod was told the addresses that stand for names outside.
    package let engine: PolicyEngine
    /// Pods by name first, then nodes by address, then blocks and names.
    package let members: [Member]

    /// - Parameter nodes: Whose InternalIPs and ExternalIPs are asked about; those of nodes without an object come from pods.
    /// - Parameter outside: What was cut for several engines; by default for this one.
    package init(_ engine: PolicyEngine, nodes: [Node], outside: OutsideParties? = nil) {
        var engine = engine
        let outside = outside ?? OutsideParties(of: [engine], families: Self.families(of: engine))
        for group in outside.names.groups { engine.suppose(group.name.example, has: group.representative) }
        // Resolves every endpoint with sharing, so that equal policies are compared by identity.
        _ = engine.drainChanges()
        let pods = engine.podKeys.map { Member(.pod($0), node: engine.node(of: $0)) }
        let nodeMembers = Self.nodeAddresses(engine, nodes).compactMap { address in
            engine.node(at: address).map { Member(.address(address), node: $0) }
        }
        let blocks = outside.blocks.groups.map { Member(.address($0.representative), blocks: $0.blocks) }
        let names = outside.names.groups.map { Member(.address($0.representative), name: $0.name) }
        self.engine = engine
        members = pods + nodeMembers + blocks + names
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
