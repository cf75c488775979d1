/// k8s.ovn.org/v1 EgressIP: the source addresses with which some pods appear outside.
package struct EgressIP: APIObject {
    package static let resource = ResourceType(
        group: "k8s.ovn.org", version: "v1", kind: "EgressIP", plural: "egressips", isNamespaced: false)

    /// The label of nodes that may hold the addresses of EgressIP objects; its value does not matter.
    package static let assignableLabel = "k8s.ovn.org/egress-assignable"

    package var metadata: ObjectMeta
    package var spec: EgressIPSpec?
    package var status: EgressIPStatus?

    package init(name: String, spec: EgressIPSpec?) {
        metadata = ObjectMeta(name: name)
        self.spec = spec
    }
}

package struct EgressIPSpec: Codable, Hashable, Sendable {
    package var egressIPs: [String]
    package var namespaceSelector: LabelSelector
    /// Absent or empty: all pods of those namespaces.
    package var podSelector: LabelSelector?

    package init(egressIPs: [String], namespaceSelector: LabelSelector, podSelector: LabelSelector? = nil) {
        self.egressIPs = egressIPs
        self.namespaceSelector = namespaceSelector
        self.podSelector = podSelector
    }
}

package struct EgressIPStatus: Codable, Hashable, Sendable {
    package var items: [Item]?

    package init(items: [Item]? = nil) { self.items = items }

    /// Which node has which address.
    package struct Item: Codable, Hashable, Sendable {
        package var node: String
        package var egressIP: String

        package init(node: String, egressIP: String) {
            self.node = node
            self.egressIP = egressIP
        }
    }
}
