/// A label selector in the text form of the `labelSelector` parameter: `a=b,c!=d,e in (f,g),h notin (i),j,!k,l>1`.
package struct LabelQuery: Hashable, Sendable, CustomStringConvertible {
    package let requirements: [Requirement]

    package struct Requirement: Hashable, Sendable {
        package let key: String
        package let comparison: Comparison
    }

    package enum Comparison: Hashable, Sendable {
        case isOneOf(Set<String>)
        /// Holds for objects without the key too.
        case isNoneOf(Set<String>)
        case exists
        case doesNotExist
        case isAbove(Int64)
        case isBelow(Int64)
    }

    /// 400 with the real server's wording when the text is not a selector.
    ///
    /// Empty text selects everything.
    package init(_ text: String) throws(APIStatus) {
        requirements = try LabelQueryParser.parse(text)
    }

    package var isEmpty: Bool { requirements.isEmpty }

    package func matches(_ labels: [String: String]) -> Bool {
        requirements.allSatisfy { $0.matches(labels[$0.key]) }
    }
}
