package import ClusterAPI
package import NetworkTypes

/// A node that may hold addresses, and from where it speaks to the others.
package struct FailoverMember: Hashable, Sendable {
    package let name: String
    /// The first InternalIP of each family.
    package let sources: [IPAddress.Family: IPAddress]

    package init(_ node: Node) {
        name = node.key.name
        let own = node.internalAddressTexts.compactMap { IPAddress($0) }
        sources = Dictionary(own.map { ($0.family, $0) }) { first, _ in first }
    }
}
