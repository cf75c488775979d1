/// gabion.io/v1 Zone: a network zone as firewalls draw them, over namespaces, nodes and hosts outside.
///
/// Between zones nothing passes but what holes let through; inside a zone lower tiers decide.
package struct Zone: APIObject {
    package static let resource = ResourceType(
        group: "gabion.io", version: "v1", kind: "Zone", plural: "zones", isNamespaced: false)

    package var metadata: ObjectMeta
    package var spec: ZoneSpec?
    package var status: ZoneStatus?

    package init(name: String, spec: ZoneSpec?) {
        metadata = ObjectMeta(name: name)
        self.spec = spec
    }
}

package struct ZoneSpec: Codable, Hashable, Sendable {
    /// The place between outside (the lowest) and inside (the highest), for people and reports.
    package var order: Int?
    /// The namespaces whose pods are members; absent: none.
    package var namespaceSelector: LabelSelector?
    /// The nodes that are members, with their host network; absent: none.
    package var nodeSelector: LabelSelector?
    /// Hosts outside the cluster that are members.
    package var cidrs: [String]?
    /// Whether traffic with what is in no zone may touch this one: `Deny` (when absent), or `Allow`, which leaves it to
    /// lower tiers.
    package var external: String?
    /// Names of hosts outside that the zone's pods may reach, as far as lower tiers let them, while `external` is Deny: `example.com`,
    /// `*.example.com` for one label more, `**.example.com` for at least one.
    package var externalNames: [String]?
    /// The ways into this zone from other zones.
    package var holes: [Hole]?
    /// With which addresses its pods leave the cluster; absent: as their node, or as others say.
    package var egress: Egress?

    package init(
        order: Int?, namespaceSelector: LabelSelector? = nil, nodeSelector: LabelSelector? = nil,
        cidrs: [String]? = nil, external: String? = nil, holes: [Hole]? = nil, egress: Egress? = nil
    ) {
        self.order = order
        self.namespaceSelector = namespaceSelector
        self.nodeSelector = nodeSelector
        self.cidrs = cidrs
        self.external = external
        self.holes = holes
        self.egress = egress
    }

    /// The zone's own way out: what its pods send out of the cluster has one of these source addresses, or is dropped.
    package struct Egress: Codable, Hashable, Sendable {
        package var addresses: [String]?
        /// The nodes that may hold them; absent: those that EgressIPs may use.
        package var nodeSelector: LabelSelector?

        package init(addresses: [String]?, nodeSelector: LabelSelector? = nil) {
            self.addresses = addresses
            self.nodeSelector = nodeSelector
        }
    }

    /// A way from another zone into the one that declares it.
    ///
    /// What passes is still judged by all lower tiers. What must be there is optional here too, so that one hole that
    /// lacks it closes itself and not the whole zone.
    package struct Hole: Codable, Hashable, Sendable {
        package var name: String?
        package var from: Source?
        /// Absent: all members.
        package var to: Target?
        /// Absent or empty: every protocol and port.
        package var ports: [NetworkPolicyPort]?
        /// Who answers for it.
        package var owner: String?
        package var reason: String?
        /// RFC 3339; from then on the hole is closed.
        package var expires: String?

        package init(
            name: String? = nil, from: Source?, to: Target? = nil, ports: [NetworkPolicyPort]? = nil,
            owner: String?, reason: String?, expires: String? = nil
        ) {
            self.name = name
            self.from = from
            self.to = to
            self.ports = ports
            self.owner = owner
            self.reason = reason
            self.expires = expires
        }
    }

    /// Members of another zone; with a selector, only pods.
    package struct Source: Codable, Hashable, Sendable {
        package var zone: String?
        package var namespaceSelector: LabelSelector?
        package var podSelector: LabelSelector?

        package init(
            zone: String?, namespaceSelector: LabelSelector? = nil, podSelector: LabelSelector? = nil
        ) {
            self.zone = zone
            self.namespaceSelector = namespaceSelector
            self.podSelector = podSelector
        }
    }

    /// Members of the zone that declares the hole; with a selector, only pods.
    package struct Target: Codable, Hashable, Sendable {
        package var namespaceSelector: LabelSelector?
        package var podSelector: LabelSelector?

        package init(namespaceSelector: LabelSelector? = nil, podSelector: LabelSelector? = nil) {
            self.namespaceSelector = namespaceSelector
            self.podSelector = podSelector
        }
    }
}

/// What the controller found.
package struct ZoneStatus: Codable, Hashable, Sendable {
    package var conditions: [ObjectCondition]?
    /// Members as they were counted last.
    package var namespaces: Int?
    package var pods: Int?
    package var nodes: Int?

    package init(
        conditions: [ObjectCondition]? = nil, namespaces: Int? = nil, pods: Int? = nil, nodes: Int? = nil
    ) {
        self.conditions = conditions
        self.namespaces = namespaces
        self.pods = pods
        self.nodes = nodes
    }
}
