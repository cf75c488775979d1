import Foundation

/// Where the embedded server does not answer as the recorded one, and why.
package struct KnownDifference: Sendable {
    let what: String
    let why: String
    /// Patterns of `ConversationDifference.place`, in which `*` stands for any text.
    ///
    /// Each is needed.
    let places: [String]

    init(_ what: String, why: String, _ places: String...) {
        self.what = what
        self.why = why
        self.places = places
    }

    /// All that there are.
    package static let all = ofPurpose + ofLimits + ofVersion + ofCommands

    /// Patterns of one conversation that no difference is like any more: what they tell is mended.
    package static func stale(in conversation: String, _ differences: [ConversationDifference]) -> [String] {
        all.flatMap(\.places).filter { place in
            place.hasPrefix(conversation + " / ") && !differences.contains { matches($0.place, place) }
        }
    }

    package static func covers(_ difference: ConversationDifference) -> Bool {
        all.contains { $0.places.contains { matches(difference.place, $0) } }
    }

    /// A row for each, as `docs/reference/embedded-api.md` shows them.
    package static var table: String {
        all.map { "| \($0.what) | \($0.why) |\n" }.joined()
    }

    /// Patterns of no conversation that there is.
    package static func astray(among conversations: [String]) -> [String] {
        all.flatMap(\.places).filter { place in !conversations.contains { place.hasPrefix($0 + " / ") } }
    }

    private static func matches(_ place: String, _ pattern: String) -> Bool {
        let parts = pattern.split(separator: "*", omittingEmptySubsequences: false)
        guard parts.count > 1, let first = parts.first, let last = parts.last else { return place == pattern }
        guard place.hasPrefix(first) else { return false }
        var rest = place.dropFirst(first.count)
        for part in parts.dropFirst().dropLast() where !part.isEmpty {
            guard let range = rest.range(of: part) else { return false }
            rest = rest[range.upperBound...]
        }
        return rest.hasSuffix(last)
    }
}
