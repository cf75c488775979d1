import ClusterAPI
import NetworkTypes
import PolicyEngine

/// What people call a group of ends: a namespace, a label, a few names.
package struct PartyNames: Sendable {
    private var podsByNamespace: [String: Set<ObjectKey>] = [:]
    private var podsByLabel: [NamespacedLabel: Set<ObjectKey>] = [:]
    private var labels: [ObjectKey: [String: String]] = [:]
    private var allNodes: Set<String> = []
    private var allOutside: Set<Party> = []
    /// How many hosts stand for names of these words: one for each family.
    private var namedOutside: [String: Int] = [:]
    private let podCount: Int

    private struct NamespacedLabel: Hashable {
        let namespace: String
        let key: String
        let value: String
    }

    /// Names among the pods of these matrices; of a pod in several, the labels of the last hold.
    package init(_ worlds: [(classes: [EndpointClass], parties: ClusterParties)]) {
        for (classes, parties) in worlds {
            for one in classes where one.kind == .pods {
                for key in one.members.compactMap(\.pod) { labels[key] = parties.engine.labels(of: key) }
            }
            for one in classes where one.kind == .outside { allOutside.formUnion(one.members.map(\.party)) }
            for one in classes where one.kind == .nodes { allNodes.formUnion(one.members.map(\.node)) }
        }
        namedOutside = Self.counts(worlds.flatMap { $0.classes.flatMap(\.members) })
        podCount = labels.count
        for (pod, own) in labels {
            podsByNamespace[pod.namespace, default: []].insert(pod)
            for (key, value) in own {
                let label = NamespacedLabel(namespace: pod.namespace, key: key, value: value)
                podsByLabel[label, default: []].insert(pod)
            }
        }
    }

    private static func counts(_ members: [Member]) -> [String: Int] {
        let named = Dictionary(grouping: Set(members.filter { $0.name != nil })) { $0.name?.words ?? "" }
        return named.mapValues(\.count)
    }

    /// `shop/app=web`, `shop/*, bank/*`, `node n1`, `outside 10.0.0.0/8`, `dns:*.example.com`.
    package func name(of members: [Member], kind: EndpointClass.Kind) -> String {
        switch kind {
        case .pods, .unreachable: podsName(Set(members.compactMap(\.pod)))
        case .nodes: nodesName(members)
        case .outside: outsideName(members)
        }
    }

    /// Ends of several kinds: pods first, then nodes, then what is outside.
    package func name(of classes: [(kind: EndpointClass.Kind, members: [Member])]) -> String {
        [EndpointClass.Kind.pods, .unreachable, .nodes, .outside].compactMap { kind in
            let members = classes.filter { $0.kind == kind }.flatMap(\.members)
            return members.isEmpty ? nil : name(of: members, kind: kind)
        }.joined(separator: ", ")
    }

    private func podsName(_ pods: Set<ObjectKey>) -> String {
        let namespaces = Dictionary(grouping: pods, by: \.namespace)
        if pods.count == podCount, namespaces.count > 1 { return "every pod" }
        let parts = namespaces.keys.sorted().flatMap { name -> [String] in
            self.parts(Set(namespaces[name] ?? []), in: name)
        }
        return Self.list(parts, limit: 4)
    }

    private func parts(_ pods: Set<ObjectKey>, in namespace: String) -> [String] {
        if pods == podsByNamespace[namespace], pods.count > 1 || podCount == 1 { return ["\(namespace)/*"] }
        if pods.count > 1, let label = label(of: pods, in: namespace) { return ["\(namespace)/\(label)"] }
        if pods.count > 1, let labels = labels(of: pods, in: namespace) { return ["\(namespace)/\(labels)"] }
        return pods.sorted().map(\.description)
    }

    /// Values of a label that these pods have and no others of their namespace: `app in (api, cart)`.
    private func labels(of pods: Set<ObjectKey>, in namespace: String) -> String? {
        for key in keys(of: pods) {
            let byValue = Dictionary(grouping: pods) { labels[$0]?[key] ?? "" }
            let isExact = byValue.allSatisfy { value, own in
                podsByLabel[NamespacedLabel(namespace: namespace, key: key, value: value)] == Set(own)
            }
            if isExact, byValue.count < pods.count || byValue.count <= 4 {
                return "\(key) in (\(Self.list(byValue.keys.sorted(), limit: 6)))"
            }
        }
        return nil
    }

    /// The label keys of one of these pods, the usual ones first.
    private func keys(of pods: Set<ObjectKey>) -> [String] {
        let own = pods.min().flatMap { labels[$0] } ?? [:]
        return own.keys.sorted { (Self.rank($0), $0) < (Self.rank($1), $1) }
    }

    /// A label that these pods have and no others of their namespace.
    private func label(of pods: Set<ObjectKey>, in namespace: String) -> String? {
        guard let own = pods.first.flatMap({ labels[$0] }) else { return nil }
        for key in keys(of: pods) {
            guard let value = own[key] else { continue }
            if podsByLabel[NamespacedLabel(namespace: namespace, key: key, value: value)] == pods {
                return "\(key)=\(value)"
            }
        }
        return nil
    }

    /// The labels by which people name applications go first, those of machines last.
    private static func rank(_ key: String) -> Int {
        if key.contains("hash") || key.contains("revision") { return 9 }
        return ["app", "app.kubernetes.io/name", "name", "k8s-app", "app.kubernetes.io/component"].firstIndex(of: key)
            ?? 5
    }

    private func nodesName(_ members: [Member]) -> String {
        let names = Set(members.map(\.node))
        if names == allNodes { return names.count == 1 ? "node \(names.first ?? "")" : "every node" }
        return (names.count == 1 ? "node " : "nodes ") + Self.list(names.sorted(), limit: 4)
    }

    private func outsideName(_ members: [Member]) -> String {
        if allOutside.count > 1 || members.contains(where: { $0.blocks == [] }), Set(members.map(\.party)) == allOutside
        {
            return "everywhere outside"
        }
        let blocks = members.flatMap { $0.blocks ?? [] }
        let parts = [IPAddress.Family.v4, .v6].flatMap { family in
            BlockText.parts(blocks.filter { $0.family == family }.sorted())
        }
        let rest = members.filter { $0.blocks == [] }.flatMap { member -> [String] in
            guard case .address(let address) = member.party else { return [] }
            return ["elsewhere (IPv\(address.family.rawValue))"]
        }
        let names = self.names(members)
        let all = parts + rest
        return all.isEmpty ? Self.list(names, limit: 4) : "outside " + Self.list(all + names, limit: 4)
    }

    /// Each once; with the family where the others' hosts of the name are not among these.
    private func names(_ members: [Member]) -> [String] {
        let named = Dictionary(grouping: members.filter { $0.name != nil }) { $0.name?.words ?? "" }
        return named.keys.sorted().map { words in
            let own = named[words] ?? []
            guard own.count < namedOutside[words] ?? 0, case .address(let address) = own.first?.party else {
                return words
            }
            return "\(words) (IPv\(address.family.rawValue))"
        }
    }

    private static func list(_ parts: [String], limit: Int) -> String {
        parts.count <= limit
            ? parts.joined(separator: ", ")
            : parts.prefix(limit - 1).joined(separator: ", ") + " and \(parts.count - limit + 1) more"
    }
}
