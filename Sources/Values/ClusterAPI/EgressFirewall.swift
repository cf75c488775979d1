/// k8s.ovn.org/v1 EgressFirewall: which outside addresses the pods of its namespace may reach.
///
/// The first rule that matches decides; what none matches is let through. The API takes one in a namespace, named `default`.
package struct EgressFirewall: APIObject {
    package static let resource = ResourceType(
        group: "k8s.ovn.org", version: "v1", kind: "EgressFirewall", plural: "egressfirewalls", isNamespaced: true)

    package var metadata: ObjectMeta
    package var spec: EgressFirewallSpec?
    package var status: Status?

    package init(namespace: String, name: String = "default", spec: EgressFirewallSpec? = nil) {
        metadata = ObjectMeta(name: name, namespace: namespace)
        self.spec = spec
    }

    package struct Status: Codable, Hashable, Sendable {
        /// `EgressFirewall Rules applied`, or what is wrong.
        package var status: String?
        package var messages: [String]?

        package init(status: String? = nil, messages: [String]? = nil) {
            self.status = status
            self.messages = messages
        }
    }
}

/// network.openshift.io/v1 EgressNetworkPolicy: OpenShift SDN's form of the same, without ports and nodes.
package struct EgressNetworkPolicy: APIObject {
    package static let resource = ResourceType(
        group: "network.openshift.io", version: "v1", kind: "EgressNetworkPolicy", plural: "egressnetworkpolicies",
        isNamespaced: true)

    package var metadata: ObjectMeta
    package var spec: EgressFirewallSpec?

    package init(namespace: String, name: String = "default", spec: EgressFirewallSpec? = nil) {
        metadata = ObjectMeta(name: name, namespace: namespace)
        self.spec = spec
    }
}

package struct EgressFirewallSpec: Codable, Hashable, Sendable {
    package var egress: [Rule]?

    package init(egress: [Rule]? = nil) { self.egress = egress }

    package struct Rule: Codable, Hashable, Sendable {
        /// `Allow` or `Deny`.
        package var type: String
        package var to: Destination?
        /// Absent or empty: every protocol and port.
        package var ports: [Port]?

        package init(type: String, to: Destination, ports: [Port]? = nil) {
            self.type = type
            self.to = to
            self.ports = ports
        }
    }

    /// Exactly one field is set.
    package struct Destination: Codable, Hashable, Sendable {
        package var cidrSelector: String?
        /// A name, or `*.` and a name.
        package var dnsName: String?
        /// The addresses of the nodes with these labels; not in an EgressNetworkPolicy.
        package var nodeSelector: LabelSelector?

        package init(cidrSelector: String? = nil, dnsName: String? = nil, nodeSelector: LabelSelector? = nil) {
            self.cidrSelector = cidrSelector
            self.dnsName = dnsName
            self.nodeSelector = nodeSelector
        }
    }

    package struct Port: Codable, Hashable, Sendable {
        package var `protocol`: String
        package var port: Int

        package init(protocol: String, port: Int) {
            self.protocol = `protocol`
            self.port = port
        }
    }
}
