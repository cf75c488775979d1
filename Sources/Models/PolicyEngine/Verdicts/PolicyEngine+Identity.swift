package import ClusterAPI
package import NetworkTypes

extension PolicyEngine {
    /// Who has an address, for verdicts as for people.
    package enum Identity: Hashable, Sendable {
        /// The node's name is empty, or `@` and an address, while it is not known.
        case pod(ObjectKey, labels: [String: String], node: String)
        /// A node, or a pod in its host network; empty if the name is not known.
        case node(String)
        case external
    }

    /// The same answer that verdicts by address go by.
    package func identity(of address: IPAddress) -> Identity {
        switch endpoint(at: address).kind {
        case .pod(let slot):
            guard let facts = pods[slot]?.facts else { return .external }
            return .pod(facts.key, labels: facts.labels, node: facts.node)
        case .node(let name): return .node(name)
        case .external: return .external
        }
    }
}
