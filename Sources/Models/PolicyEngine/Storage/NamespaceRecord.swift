import ClusterAPI

/// A namespace, known by its object or because something is in it.
struct NamespaceRecord: Sendable {
    var labels: NamespaceLabels
    /// Whether a Namespace object was seen.
    var hasObject = false
    private(set) var pods: Set<Int> = []
    private var podsByLabel: [LabelPair: Set<Int>] = [:]
    /// The NetworkPolicies of this namespace by their subject.
    var subjects = SelectorIndex()
    /// The scopes that this namespace belongs to.
    var scopes: Set<Int> = []

    init(labels: NamespaceLabels) { self.labels = labels }

    var isForgettable: Bool { !hasObject && pods.isEmpty && subjects.isEmpty }

    mutating func insert(_ pod: Int, labels: [String: String]) {
        pods.insert(pod)
        for (key, value) in labels { podsByLabel[LabelPair(key: key, value: value), default: []].insert(pod) }
    }

    mutating func remove(_ pod: Int, labels: [String: String]) {
        pods.remove(pod)
        for (key, value) in labels {
            let pair = LabelPair(key: key, value: value)
            podsByLabel[pair]?.remove(pod)
            if podsByLabel[pair]?.isEmpty == true { podsByLabel[pair] = nil }
        }
    }

    /// The pods that a selector may match: all, or those with the label that it demands.
    func candidates(_ selector: LabelSelector) -> Set<Int> {
        selector.requiredLabel.map { podsByLabel[$0] ?? [] } ?? pods
    }
}
