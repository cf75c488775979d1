extension LabelQuery.Requirement: CustomStringConvertible {
    func matches(_ value: String?) -> Bool {
        switch comparison {
        case .isOneOf(let values): value.map(values.contains) ?? false
        case .isNoneOf(let values): !(value.map(values.contains) ?? false)
        case .exists: value != nil
        case .doesNotExist: value == nil
        case .isAbove(let bound): value.flatMap { Int64($0) }.map { $0 > bound } ?? false
        case .isBelow(let bound): value.flatMap { Int64($0) }.map { $0 < bound } ?? false
        }
    }

    /// The requirement in canonical form, which parses back to itself.
    package var description: String {
        switch comparison {
        case .isOneOf(let values): values.count == 1 ? "\(key)=\(values.first ?? "")" : "\(key) in \(Self.list(values))"
        case .isNoneOf(let values):
            values.count == 1 ? "\(key)!=\(values.first ?? "")" : "\(key) notin \(Self.list(values))"
        case .exists: key
        case .doesNotExist: "!\(key)"
        case .isAbove(let bound): "\(key)>\(bound)"
        case .isBelow(let bound): "\(key)<\(bound)"
        }
    }

    private static func list(_ values: Set<String>) -> String { "(" + values.sorted().joined(separator: ",") + ")" }
}

extension LabelQuery {
    package var description: String { requirements.map(\.description).joined(separator: ",") }
}
