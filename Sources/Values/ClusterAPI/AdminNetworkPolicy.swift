private func policyNetworking(_ kind: String, _ plural: String) -> ResourceType {
    ResourceType(
        group: "policy.networking.k8s.io", version: "v1alpha1", kind: kind, plural: plural, isNamespaced: false)
}

/// policy.networking.k8s.io/v1alpha1 AdminNetworkPolicy: rules before every NetworkPolicy.
package struct AdminNetworkPolicy: APIObject {
    package static let resource = policyNetworking("AdminNetworkPolicy", "adminnetworkpolicies")

    package var metadata: ObjectMeta
    package var spec: AdminNetworkPolicySpec?

    package init(name: String, spec: AdminNetworkPolicySpec) {
        metadata = ObjectMeta(name: name)
        self.spec = spec
    }
}

/// policy.networking.k8s.io/v1alpha1 BaselineAdminNetworkPolicy, named `default`: rules after every NetworkPolicy.
package struct BaselineAdminNetworkPolicy: APIObject {
    package static let resource = policyNetworking("BaselineAdminNetworkPolicy", "baselineadminnetworkpolicies")

    package var metadata: ObjectMeta
    package var spec: AdminNetworkPolicySpec?

    package init(name: String = "default", spec: AdminNetworkPolicySpec) {
        metadata = ObjectMeta(name: name)
        self.spec = spec
    }
}

package struct AdminNetworkPolicySpec: Codable, Hashable, Sendable {
    /// 0 to 1000, the lowest first; absent in a BaselineAdminNetworkPolicy.
    package var priority: Int?
    package var subject: ClusterPolicySubject?
    package var ingress: [Rule]?
    package var egress: [Rule]?

    package init(
        priority: Int? = nil, subject: ClusterPolicySubject, ingress: [Rule]? = nil, egress: [Rule]? = nil
    ) {
        self.priority = priority
        self.subject = subject
        self.ingress = ingress
        self.egress = egress
    }

    package struct Rule: Codable, Hashable, Sendable {
        package var name: String?
        /// `Allow`, `Deny` or `Pass`; no `Pass` in a BaselineAdminNetworkPolicy.
        package var action: String
        /// Ingress only; never empty.
        package var from: [ClusterPolicyPeer]?
        /// Egress only; never empty.
        package var to: [ClusterPolicyPeer]?
        /// Absent: every protocol and port.
        package var ports: [Port]?

        package init(
            name: String? = nil, action: String, from: [ClusterPolicyPeer]? = nil, to: [ClusterPolicyPeer]? = nil,
            ports: [Port]? = nil
        ) {
            self.name = name
            self.action = action
            self.from = from
            self.to = to
            self.ports = ports
        }
    }

    /// Exactly one field is set.
    package struct Port: Codable, Hashable, Sendable {
        package var portNumber: Number?
        /// A container port's name, of any protocol.
        package var namedPort: String?
        package var portRange: Range?

        package init(portNumber: Number? = nil, namedPort: String? = nil, portRange: Range? = nil) {
            self.portNumber = portNumber
            self.namedPort = namedPort
            self.portRange = portRange
        }
    }

    package struct Number: Codable, Hashable, Sendable {
        /// TCP when absent.
        package var `protocol`: String?
        package var port: Int

        package init(protocol: String? = nil, port: Int) {
            self.protocol = `protocol`
            self.port = port
        }
    }

    package struct Range: Codable, Hashable, Sendable {
        /// TCP when absent.
        package var `protocol`: String?
        package var start: Int
        /// Inclusive.
        package var end: Int

        package init(protocol: String? = nil, start: Int, end: Int) {
            self.protocol = `protocol`
            self.start = start
            self.end = end
        }
    }
}
