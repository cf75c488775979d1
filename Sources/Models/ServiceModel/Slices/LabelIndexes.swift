import ClusterAPI

/// A label that an object of a namespace has.
private struct LabelPair: Hashable {
    let namespace: String
    let key: String
    let value: String
}

/// Which services select a pod, found by one of the labels that they ask for.
struct SelectorIndex: Sendable {
    private var byPair: [LabelPair: [ObjectKey: [String: String]]] = [:]

    mutating func set(_ selector: [String: String], of service: ObjectKey, replacing old: [String: String]?) {
        if let pair = Self.pair(old ?? [:], service.namespace) {
            byPair[pair]?[service] = nil
            if byPair[pair]?.isEmpty == true { byPair[pair] = nil }
        }
        if let pair = Self.pair(selector, service.namespace) { byPair[pair, default: [:]][service] = selector }
    }

    func services(selecting labels: [String: String], in namespace: String) -> [ObjectKey] {
        labels.flatMap { label in
            (byPair[LabelPair(namespace: namespace, key: label.key, value: label.value)] ?? [:])
                .filter { $0.value.allSatisfy { labels[$0.key] == $0.value } }.keys
        }
    }

    private static func pair(_ selector: [String: String], _ namespace: String) -> LabelPair? {
        selector.min { $0.key < $1.key }.map { LabelPair(namespace: namespace, key: $0.key, value: $0.value) }
    }
}

/// Pods, and which of them have a label.
struct LabelledPods: Sendable {
    private var pods: [ObjectKey: SlicePod] = [:]
    private var byPair: [LabelPair: Set<ObjectKey>] = [:]

    /// Returns what was there.
    mutating func set(_ pod: SlicePod?, at key: ObjectKey) -> SlicePod? {
        let old = pods[key]
        guard old != pod else { return old }
        pods[key] = pod
        guard old?.labels != pod?.labels else { return old }
        for (name, value) in old?.labels ?? [:] {
            let pair = LabelPair(namespace: key.namespace, key: name, value: value)
            byPair[pair]?.remove(key)
            if byPair[pair]?.isEmpty == true { byPair[pair] = nil }
        }
        for (name, value) in pod?.labels ?? [:] {
            byPair[LabelPair(namespace: key.namespace, key: name, value: value), default: []].insert(key)
        }
        return old
    }

    /// Those with all labels of a selector, by name; none for an empty selector.
    func selected(by selector: [String: String], in namespace: String) -> [SlicePod] {
        let sets = selector.map { byPair[LabelPair(namespace: namespace, key: $0.key, value: $0.value)] ?? [] }
        guard let smallest = sets.min(by: { $0.count < $1.count }) else { return [] }
        return smallest.sorted().compactMap { pods[$0] }
            .filter { pod in selector.allSatisfy { pod.labels[$0.key] == $0.value } }
    }
}
