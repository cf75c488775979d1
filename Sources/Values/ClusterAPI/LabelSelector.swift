/// A label query (meta/v1 LabelSelector): all of its requirements must hold; an empty selector matches everything.
package struct LabelSelector: Codable, Hashable, Sendable {
    package var matchLabels: [String: String]?
    package var matchExpressions: [Requirement]?

    package init(matchLabels: [String: String]? = nil, matchExpressions: [Requirement]? = nil) {
        self.matchLabels = matchLabels
        self.matchExpressions = matchExpressions
    }

    package struct Requirement: Codable, Hashable, Sendable {
        package var key: String
        package var `operator`: Operator
        package var values: [String]?

        package init(key: String, operator: Operator, values: [String]? = nil) {
            self.key = key
            self.operator = `operator`
            self.values = values
        }
    }

    package enum Operator: Codable, Hashable, Sendable {
        case `in`
        case notIn
        case exists
        case doesNotExist
        /// Decoded, so that an object with one operator too new for us is not lost; it matches nothing.
        case unknown(String)
    }

    package var isEmpty: Bool { (matchLabels ?? [:]).isEmpty && (matchExpressions ?? []).isEmpty }

    package func matches(_ labels: [String: String]) -> Bool {
        (matchLabels ?? [:]).allSatisfy { labels[$0.key] == $0.value }
            && (matchExpressions ?? []).allSatisfy { $0.matches(labels) }
    }
}

extension LabelSelector.Requirement {
    /// A missing key satisfies NotIn and DoesNotExist, as in Kubernetes.
    package func matches(_ labels: [String: String]) -> Bool {
        let value = labels[key]
        switch `operator` {
        case .in: return value.map { (values ?? []).contains($0) } ?? false
        case .notIn: return value.map { !(values ?? []).contains($0) } ?? true
        case .exists: return value != nil
        case .doesNotExist: return value == nil
        case .unknown: return false
        }
    }
}

extension LabelSelector.Operator: RawRepresentable {
    private static let names: [String: Self] = [
        "In": .in, "NotIn": .notIn, "Exists": .exists, "DoesNotExist": .doesNotExist,
    ]

    package init(rawValue: String) { self = Self.names[rawValue] ?? .unknown(rawValue) }

    package var rawValue: String {
        switch self {
        case .in: "In"
        case .notIn: "NotIn"
        case .exists: "Exists"
        case .doesNotExist: "DoesNotExist"
        case .unknown(let text): text
        }
    }
}

extension LabelSelector: CustomStringConvertible {
    /// The selector in canonical order: equal text means equal meaning for selectors written with equal parts.
    package var description: String {
        let equalities = (matchLabels ?? [:]).sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
        let expressions = (matchExpressions ?? []).map(\.description).sorted()
        return isEmpty ? "all" : (equalities + expressions).joined(separator: ",")
    }
}

extension LabelSelector.Requirement: CustomStringConvertible {
    package var description: String {
        let list = "(" + (values ?? []).sorted().joined(separator: ",") + ")"
        return switch `operator` {
        case .in: "\(key) in \(list)"
        case .notIn: "\(key) notin \(list)"
        case .exists: key
        case .doesNotExist: "!\(key)"
        case .unknown(let text): "\(key) \(text) \(list)"
        }
    }
}
