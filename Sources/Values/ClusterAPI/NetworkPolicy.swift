/// networking.k8s.io/v1 NetworkPolicy; `extensions/v1beta1` has the same fields and the same meaning.
package struct NetworkPolicy: APIObject {
    package static let resource = ResourceType(
        group: "networking.k8s.io", version: "v1", kind: "NetworkPolicy", plural: "networkpolicies",
        isNamespaced: true)

    package var metadata: ObjectMeta
    package var spec: NetworkPolicySpec?

    package init(metadata: ObjectMeta, spec: NetworkPolicySpec? = nil) {
        self.metadata = metadata
        self.spec = spec
    }
}

package struct NetworkPolicySpec: Codable, Hashable, Sendable {
    /// Absent is read as empty: every pod of the namespace.
    package var podSelector: LabelSelector?
    package var policyTypes: [PolicyType]?
    package var ingress: [IngressRule]?
    package var egress: [EgressRule]?

    package init(
        podSelector: LabelSelector? = nil, policyTypes: [PolicyType]? = nil, ingress: [IngressRule]? = nil,
        egress: [EgressRule]? = nil
    ) {
        self.podSelector = podSelector
        self.policyTypes = policyTypes
        self.ingress = ingress
        self.egress = egress
    }

    package enum PolicyType: Codable, Hashable, Sendable {
        case ingress
        case egress
        /// Decoded, so that a policy with a type too new for us is not lost.
        case unknown(String)
    }

    /// `from` absent or empty: every source.
    ///
    /// `ports` absent or empty: every protocol and port.
    package struct IngressRule: Codable, Hashable, Sendable {
        package var from: [NetworkPolicyPeer]?
        package var ports: [NetworkPolicyPort]?

        package init(from: [NetworkPolicyPeer]? = nil, ports: [NetworkPolicyPort]? = nil) {
            self.from = from
            self.ports = ports
        }
    }

    /// `to` absent or empty: every destination.
    ///
    /// `ports` absent or empty: every protocol and port.
    package struct EgressRule: Codable, Hashable, Sendable {
        package var to: [NetworkPolicyPeer]?
        package var ports: [NetworkPolicyPort]?

        package init(to: [NetworkPolicyPeer]? = nil, ports: [NetworkPolicyPort]? = nil) {
            self.to = to
            self.ports = ports
        }
    }

    /// What the policy isolates: as written, or, when absent or empty, ingress always and egress if it has egress rules.
    package var effectiveTypes: Set<PolicyType> {
        if let policyTypes, !policyTypes.isEmpty { return Set(policyTypes) }
        return (egress ?? []).isEmpty ? [.ingress] : [.ingress, .egress]
    }
}

extension NetworkPolicySpec.PolicyType: RawRepresentable {
    package init(rawValue: String) {
        switch rawValue {
        case "Ingress": self = .ingress
        case "Egress": self = .egress
        default: self = .unknown(rawValue)
        }
    }

    package var rawValue: String {
        switch self {
        case .ingress: "Ingress"
        case .egress: "Egress"
        case .unknown(let text): text
        }
    }
}

/// Either an `ipBlock`, or selectors: `podSelector` alone means pods of the policy's own namespace.
package struct NetworkPolicyPeer: Codable, Hashable, Sendable {
    package var podSelector: LabelSelector?
    package var namespaceSelector: LabelSelector?
    package var ipBlock: IPBlock?

    package init(
        podSelector: LabelSelector? = nil, namespaceSelector: LabelSelector? = nil, ipBlock: IPBlock? = nil
    ) {
        self.podSelector = podSelector
        self.namespaceSelector = namespaceSelector
        self.ipBlock = ipBlock
    }
}

package struct IPBlock: Codable, Hashable, Sendable {
    package var cidr: String
    package var except: [String]?

    package init(cidr: String, except: [String]? = nil) {
        self.cidr = cidr
        self.except = except
    }
}

package struct NetworkPolicyPort: Codable, Hashable, Sendable {
    /// TCP, UDP or SCTP; TCP when absent.
    package var `protocol`: String?
    /// Absent: every port of the protocol.
    package var port: IntOrString?
    package var endPort: Int?

    package init(protocol: String? = nil, port: IntOrString? = nil, endPort: Int? = nil) {
        self.protocol = `protocol`
        self.port = port
        self.endPort = endPort
    }
}
