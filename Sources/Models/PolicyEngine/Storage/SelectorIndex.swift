import ClusterAPI

struct LabelPair: Hashable, Sendable {
    let key: String
    let value: String
}

extension LabelSelector {
    /// A label that everything matched must carry; nil if the selector demands no single value of any key.
    var requiredLabel: LabelPair? {
        if let (key, value) = matchLabels?.min(by: { $0.key < $1.key }) { return LabelPair(key: key, value: value) }
        for requirement in matchExpressions ?? [] where requirement.operator == .in {
            if let value = requirement.values?.first, requirement.values?.count == 1 {
                return LabelPair(key: requirement.key, value: value)
            }
        }
        return nil
    }
}

/// Slots by the label that their selector demands, so that an object is compared with few selectors.
struct SelectorIndex: Sendable {
    private var demanding: [LabelPair: Set<Int>] = [:]
    private var others: Set<Int> = []

    var isEmpty: Bool { demanding.isEmpty && others.isEmpty }

    mutating func insert(_ slot: Int, _ selector: LabelSelector) {
        if let label = selector.requiredLabel {
            demanding[label, default: []].insert(slot)
        } else {
            others.insert(slot)
        }
    }

    mutating func remove(_ slot: Int, _ selector: LabelSelector) {
        guard let label = selector.requiredLabel else {
            others.remove(slot)
            return
        }
        demanding[label]?.remove(slot)
        if demanding[label]?.isEmpty == true { demanding[label] = nil }
    }

    /// Every slot whose selector may match these labels, each once.
    func forEachCandidate(_ labels: [String: String], _ body: (Int) -> Void) {
        for slot in others { body(slot) }
        guard !demanding.isEmpty else { return }
        for (key, value) in labels {
            for slot in demanding[LabelPair(key: key, value: value)] ?? [] { body(slot) }
        }
    }
}
