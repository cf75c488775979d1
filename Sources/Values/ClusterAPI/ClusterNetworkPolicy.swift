/// policy.networking.k8s.io/v1alpha2 ClusterNetworkPolicy: rules before (tier Admin) or after (tier Baseline) every
/// NetworkPolicy.
package struct ClusterNetworkPolicy: APIObject {
    package static let resource = ResourceType(
        group: "policy.networking.k8s.io", version: "v1alpha2", kind: "ClusterNetworkPolicy",
        plural: "clusternetworkpolicies", isNamespaced: false)

    package var metadata: ObjectMeta
    package var spec: ClusterNetworkPolicySpec?

    package init(name: String, spec: ClusterNetworkPolicySpec) {
        metadata = ObjectMeta(name: name)
        self.spec = spec
    }
}

package struct ClusterNetworkPolicySpec: Codable, Hashable, Sendable {
    /// `Admin` or `Baseline`.
    package var tier: String?
    /// 0 to 1000, the lowest first.
    package var priority: Int?
    package var subject: ClusterPolicySubject?
    package var ingress: [Rule]?
    package var egress: [Rule]?

    package init(
        tier: String?, priority: Int?, subject: ClusterPolicySubject, ingress: [Rule]? = nil, egress: [Rule]? = nil
    ) {
        self.tier = tier
        self.priority = priority
        self.subject = subject
        self.ingress = ingress
        self.egress = egress
    }

    package struct Rule: Codable, Hashable, Sendable {
        package var name: String?
        /// `Accept`, `Deny` or `Pass`.
        package var action: String
        /// Ingress only; never empty.
        package var from: [ClusterPolicyPeer]?
        /// Egress only; never empty.
        package var to: [ClusterPolicyPeer]?
        /// Absent: every protocol and port.
        package var protocols: [TransportMatch]?

        package init(
            name: String? = nil, action: String, from: [ClusterPolicyPeer]? = nil, to: [ClusterPolicyPeer]? = nil,
            protocols: [TransportMatch]? = nil
        ) {
            self.name = name
            self.action = action
            self.from = from
            self.to = to
            self.protocols = protocols
        }
    }

    /// Exactly one field is set.
    package struct TransportMatch: Codable, Hashable, Sendable {
        package var tcp: Ports?
        package var udp: Ports?
        package var sctp: Ports?
        /// A container port's name, of any protocol.
        package var destinationNamedPort: String?

        package init(
            tcp: Ports? = nil, udp: Ports? = nil, sctp: Ports? = nil, destinationNamedPort: String? = nil
        ) {
            self.tcp = tcp
            self.udp = udp
            self.sctp = sctp
            self.destinationNamedPort = destinationNamedPort
        }
    }

    package struct Ports: Codable, Hashable, Sendable {
        package var destinationPort: Port?

        package init(destinationPort: Port? = nil) { self.destinationPort = destinationPort }
    }

    /// Exactly one field is set.
    package struct Port: Codable, Hashable, Sendable {
        package var number: Int?
        package var range: Range?

        package init(number: Int? = nil, range: Range? = nil) {
            self.number = number
            self.range = range
        }
    }

    package struct Range: Codable, Hashable, Sendable {
        package var start: Int
        /// Inclusive.
        package var end: Int

        package init(start: Int, end: Int) {
            self.start = start
            self.end = end
        }
    }
}
