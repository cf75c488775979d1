/// core/v1 Node, as far as a network needs it.
package struct Node: APIObject {
    package static let resource = ResourceType(
        group: "", version: "v1", kind: "Node", plural: "nodes", isNamespaced: false)

    package var metadata: ObjectMeta
    package var spec: NodeSpec?
    package var status: NodeStatus?

    package init(metadata: ObjectMeta, spec: NodeSpec? = nil, status: NodeStatus? = nil) {
        self.metadata = metadata
        self.spec = spec
        self.status = status
    }

    /// The texts of all InternalIP addresses, in the node's order.
    package var internalAddressTexts: [String] { addressTexts("InternalIP") }

    /// The texts of all ExternalIP addresses, in the node's order.
    ///
    /// Some are the node's own, some those of a translation in front of it.
    package var externalAddressTexts: [String] { addressTexts("ExternalIP") }

    private func addressTexts(_ type: String) -> [String] {
        (status?.addresses ?? []).filter { $0.type == type }.map(\.address)
    }
}

package struct NodeSpec: Codable, Hashable, Sendable {
    package var podCIDR: String?
    package var podCIDRs: [String]?
    package var unschedulable: Bool?

    package init(podCIDRs: [String]? = nil) {
        podCIDR = podCIDRs?.first
        self.podCIDRs = podCIDRs
    }
}

package struct NodeStatus: Codable, Hashable, Sendable {
    package var addresses: [NodeAddress]?
    package var conditions: [NodeCondition]?

    package init(addresses: [NodeAddress]? = nil, conditions: [NodeCondition]? = nil) {
        self.addresses = addresses
        self.conditions = conditions
    }
}

package struct NodeAddress: Codable, Hashable, Sendable {
    package var type: String
    package var address: String

    package init(type: String, address: String) {
        self.type = type
        self.address = address
    }
}

package struct NodeCondition: Codable, Hashable, Sendable {
    package var type: String
    package var status: String
    package var reason: String?
    package var message: String?
    package var lastHeartbeatTime: String?
    package var lastTransitionTime: String?

    package init(type: String, status: String, reason: String? = nil, message: String? = nil) {
        self.type = type
        self.status = status
        self.reason = reason
        self.message = message
    }
}
