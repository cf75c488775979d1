package import ClusterAPI
package import NetworkTypes
import PolicyEngine

/// A NetworkPolicy for one workload, each rule with what was seen.
package struct SuggestedPolicy: Hashable, Sendable {
    package let workload: Workload
    package let name: String
    package let selector: LabelSelector
    package internal(set) var ingress: [SuggestedRule]
    package internal(set) var egress: [SuggestedRule]

    package var policy: NetworkPolicy {
        NetworkPolicy(
            metadata: ObjectMeta(name: name, namespace: workload.namespace),
            spec: NetworkPolicySpec(
                podSelector: selector, policyTypes: [.ingress, .egress],
                ingress: ingress.map { .init(from: $0.peers, ports: $0.policyPorts) },
                egress: egress.map { .init(to: $0.peers, ports: $0.policyPorts) }))
    }
}

/// One rule: these peers, on these ports.
package struct SuggestedRule: Hashable, Sendable {
    /// The other end: a workload, or how many addresses.
    package let subject: String
    package let peers: [NetworkPolicyPeer]
    /// By port, ascending.
    package let seen: [Port]
    /// Blocks that hold addresses which were not seen.
    package let wideBlocks: [WideBlock]

    package struct Port: Hashable, Sendable {
        package let port: ServerPort
        package let evidence: Evidence
    }

    package struct WideBlock: Hashable, Sendable {
        package let block: CIDR
        /// So many of its addresses were seen.
        package let seen: Int
    }

    var policyPorts: [NetworkPolicyPort] { seen.map(\.port.policyPort) }

    package var evidence: Evidence {
        seen.reduce(into: Evidence()) { $0.add($1.evidence) }
    }
}
