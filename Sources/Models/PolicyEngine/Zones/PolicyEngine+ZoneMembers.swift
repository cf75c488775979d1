package import APIMachinery
package import ClusterAPI
package import NetworkTypes

extension PolicyEngine {
    /// The names of all zones, from outside to inside.
    package var zoneNames: [String] {
        zonePlan.zones.sorted { ($0.order ?? Int.min, $0.name) < ($1.order ?? Int.min, $1.name) }.map(\.name)
    }

    /// The zones that a namespace's pods are certainly in, sorted.
    package func zones(ofNamespace name: String) -> [String] {
        let labels = namespaces[name]?.labels ?? NamespaceLabels(withoutObject: name, in: input)
        return zonePlan.zones.filter { $0.namespaces?.match(labels) == .yes }.map(\.name)
    }

    /// The labels of a namespace as far as they are known.
    package func labels(ofNamespace name: String) -> [String: String] {
        (namespaces[name]?.labels ?? NamespaceLabels(withoutObject: name, in: input)).known
    }

    /// Whether a living pod has this address.
    package func isPod(_ address: IPAddress) -> Bool { addresses.owner(of: address) != nil }

    /// Why the pods of a namespace are closed; nil if they are in exactly one zone, or if there are no zones.
    package func zoneConflict(of namespace: String) -> ZoneConflict? {
        let zones = zonePlan.zones
        guard !zones.isEmpty else { return nil }
        let labels = namespaces[namespace]?.labels ?? NamespaceLabels(withoutObject: namespace, in: input)
        let answers = zones.map { (name: $0.name, answer: $0.namespaces?.match(labels) ?? .no) }
        let certain = answers.filter { $0.answer == .yes }.map(\.name)
        let perhaps = answers.filter { $0.answer == .unknown }.map(\.name)
        if certain.count == 1, perhaps.isEmpty { return nil }
        return ZoneConflict(namespace: namespace, zones: certain, perhaps: perhaps)
    }

    /// The namespaces whose pods are closed because they are not in exactly one zone, with these pods, sorted.
    package var zoneConflicts: [(conflict: ZoneConflict, pods: [ObjectKey])] {
        namespaces.compactMap { name, record in
            let closed = record.pods.compactMap { pods[$0]?.facts }.filter(\.isPeer).map(\.key)
            guard !closed.isEmpty, let conflict = zoneConflict(of: name) else { return nil }
            return (conflict, closed.sorted())
        }.sorted { $0.conflict < $1.conflict }
    }

    /// The zones that claim a node, sorted.
    package func zones(ofNode name: String) -> [String] {
        guard let facts = nodeObjects[name] else { return [] }
        return zonePlan.zones.filter { $0.nodes?.matches(facts.labels) ?? false }.map(\.name)
    }

    /// The zones of an address that is no pod's, sorted: those of its nodes, or if no zone claims one, those whose blocks
    /// have it.
    package func zones(ofHost address: IPAddress) -> [String] {
        let claiming = zonePlan.zones.filter { zone in
            zone.nodes.map { addresses(ofNodes: $0).contains(address) } ?? false
        }
        if !claiming.isEmpty { return claiming.map(\.name) }
        return zonePlan.zones.filter { $0.networks.contains { $0.contains(address) } }.map(\.name)
    }

    /// The one zone that an address is in, whoever has it; nil if it is in none, or in several.
    package func zone(of address: IPAddress) -> String? {
        if zonePlan.zones.isEmpty { return nil }
        switch identity(of: address) {
        case .pod(let key, _, _):
            return zoneConflict(of: key.namespace) == nil ? zones(ofNamespace: key.namespace).first : nil
        case .node:
            let found = zones(ofHost: address)
            return found.count == 1 ? found.first : nil
        case .external:
            let found = zonePlan.zones.filter { $0.networks.contains { $0.contains(address) } }
            return found.count == 1 ? found.first?.name : nil
        }
    }

    /// Whether a zone's hole, by its place, lets anything through now.
    package func hole(_ index: Int, of zone: String) -> ZoneHoleState {
        guard let found = zonePlan.zones.first(where: { $0.name == zone }),
            let hole = found.holes.first(where: { $0.index == index }),
            zonePlan.zones.contains(where: { $0.name == hole.from })
        else { return .broken }
        return hole.isOpen(at: now) ? .open(until: hole.expires) : .expired
    }

    /// Whether traffic with what is in no zone may touch a zone at all.
    package func isOpenToOutside(_ zone: String) -> Bool {
        zonePlan.knowsOutside && zonePlan.zones.contains { $0.name == zone && $0.allowsExternal }
    }
}

/// Whether a hole lets anything through.
package enum ZoneHoleState: Hashable, Sendable {
    case open(until: APITime?)
    case expired
    /// A part of it cannot be understood, or there is no such zone at its other end: `diagnostics` say which.
    case broken
}
