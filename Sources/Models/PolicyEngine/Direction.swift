/// The side of a connection on which a policy decides: at its source (egress) or at its destination (ingress).
package enum Direction: String, Hashable, Sendable, Comparable, CaseIterable {
    case ingress
    case egress

    package static func < (left: Direction, right: Direction) -> Bool { left.rawValue < right.rawValue }
}
