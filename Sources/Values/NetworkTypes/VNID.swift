/// A virtual network id: 24 bits on the wire (RFC 7348).
///
/// 0 is global, 1–9 are reserved, projects start at 10.
package struct VNID: Hashable, Sendable, Comparable, CustomStringConvertible {
    package let value: UInt32

    /// Nil above 2²⁴ − 1.
    package init?(_ value: UInt32) {
        guard value <= 0xFF_FFFF else { return nil }
        self.value = value
    }

    private init(unchecked value: UInt32) { self.value = value }

    package static let global = VNID(unchecked: 0)
    package static let firstForProjects = VNID(unchecked: 10)
    package static let last = VNID(unchecked: 0xFF_FFFF)

    package var description: String { "\(value)" }

    package static func < (left: VNID, right: VNID) -> Bool { left.value < right.value }
}
