/// A non-empty, inclusive range of ports.
package struct PortRange: Hashable, Sendable, Comparable, CustomStringConvertible {
    package let first: UInt16
    package let last: UInt16

    package init(_ port: UInt16) {
        first = port
        last = port
    }

    /// Nil when `last` is below `first`.
    package init?(_ first: UInt16, through last: UInt16) {
        guard first <= last else { return nil }
        self.first = first
        self.last = last
    }

    /// Every port, 0 included.
    package static let all = PortRange(unchecked: 0, .max)

    private init(unchecked first: UInt16, _ last: UInt16) {
        self.first = first
        self.last = last
    }

    package func contains(_ port: UInt16) -> Bool { first <= port && port <= last }

    package func overlaps(_ other: PortRange) -> Bool { first <= other.last && other.first <= last }

    /// `80`, or `8000-8100`.
    package var description: String { first == last ? "\(first)" : "\(first)-\(last)" }

    package static func < (left: PortRange, right: PortRange) -> Bool {
        (left.first, left.last) < (right.first, right.last)
    }
}
