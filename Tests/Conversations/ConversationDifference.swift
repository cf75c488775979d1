package import ClusterAPI

/// A place where two servers do not say the same.
package struct ConversationDifference: Hashable, Sendable, CustomStringConvertible {
    /// `conversation / step / body.metadata.name`.
    package let place: String
    /// Nil where it says nothing.
    package let real: JSONValue?
    package let here: JSONValue?

    package var description: String {
        "\(place): \(real.map(JSONLayout.word) ?? "nothing") became \(here.map(JSONLayout.word) ?? "nothing")"
    }

    /// As deep as both have the same form.
    static func between(_ real: JSONValue?, _ here: JSONValue?, at place: String) -> [ConversationDifference] {
        switch (real, here) {
        case (.object(let left)?, .object(let right)?):
            return Set(left.keys).union(right.keys).sorted().flatMap { name in
                between(left[name], right[name], at: place + (place.hasSuffix(" ") ? "" : ".") + name)
            }
        case (.array(let left)?, _) where isPrinted(place): return lines(left, here?.array ?? [], at: place)
        case (nil, .array(let right)?) where isPrinted(place): return lines([], right, at: place)
        case (.array(let left)?, .array(let right)?) where left.count == right.count:
            return left.indices.flatMap { between(left[$0], right[$0], at: "\(place)[\($0)]") }
        default: return real == here ? [] : [ConversationDifference(place: place, real: real, here: here)]
        }
    }

    /// What commands print is compared line by line.
    private static func isPrinted(_ place: String) -> Bool {
        place.hasSuffix(" / output") || place.hasSuffix(" / errors")
    }

    private static func lines(
        _ real: [JSONValue], _ here: [JSONValue], at place: String
    ) -> [ConversationDifference] {
        here.difference(from: real).map { change in
            switch change {
            case .remove(_, let line, _): .init(place: "\(place) - \(line.string ?? "")", real: line, here: nil)
            case .insert(_, let line, _): .init(place: "\(place) + \(line.string ?? "")", real: nil, here: line)
            }
        }
    }
}
