import ClusterAPI

/// The labels of a namespace as far as they are known.
struct NamespaceLabels: Hashable, Sendable {
    var known: [String: String]
    /// True if it has no others.
    var isComplete: Bool

    /// The label that every API server adds: the namespace's name.
    static let nameKey = "kubernetes.io/metadata.name"

    /// Those of a Namespace object.
    init(_ namespace: Namespace) {
        known = namespace.labels
        isComplete = true
    }

    /// Those of a namespace without an object: of the label that every API server adds one can be certain.
    init(withoutObject name: String, in input: PolicyEngine.Input) {
        known = [Self.nameKey: name]
        isComplete = input == .complete
    }
}

extension NamespaceLabels {
    /// Whether it is certain that exactly one of the selectors matches.
    func areInOne(of selectors: [LabelSelector]) -> Bool {
        let answers = selectors.map { $0.match(self) }
        return answers.count { $0 == .yes } == 1 && !answers.contains(.unknown)
    }
}

/// The answer of a selector to labels that are not all known.
enum SelectorMatch: Hashable, Sendable {
    case yes
    case no
    /// It depends on a label that is not known.
    case unknown

    /// What an allowing rule may count as matched.
    ///
    /// A denying rule has to count the unknown too.
    var isCertain: Bool { self == .yes }
}

extension LabelSelector {
    /// The answer that holds whatever the labels are that are not known.
    func match(_ labels: NamespaceLabels) -> SelectorMatch {
        if labels.isComplete { return matches(labels.known) ? .yes : .no }
        var isUnknown = false
        for (key, value) in matchLabels ?? [:] {
            guard let known = labels.known[key] else {
                isUnknown = true
                continue
            }
            if known != value { return .no }
        }
        for requirement in matchExpressions ?? [] {
            if labels.known[requirement.key] == nil {
                isUnknown = true
            } else if !requirement.matches(labels.known) {
                return .no
            }
        }
        return isUnknown ? .unknown : .yes
    }
}
