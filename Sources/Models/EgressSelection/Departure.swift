package import NetworkTypes

/// With which source address a pod's connection to a host outside leaves the cluster, and by which node.
package enum Departure: Hashable, Sendable {
    /// With an address of the pod's own node, by its name if that is known: nobody asks for another.
    case asNode(String?)
    /// With one of these, each at another node, in the owner's order; a connection leaves with one of them.
    case with([PodEgress.HeldAddress], EgressOwner)
    /// With one of these, by nodes that are not known.
    case unplaced([IPAddress], EgressOwner)
    /// Not at all, for these reasons; never none.
    case closed([String], EgressOwner)

    /// What drops it on the pod's node, as rules and counters are called there.
    package static let drop = "drop_no_egress_address"

    package var isClosed: Bool { if case .closed = self { true } else { false } }

    /// Who asks for the address; nil where nobody does.
    package var owner: EgressOwner? {
        switch self {
        case .asNode: nil
        case .with(_, let owner), .unplaced(_, let owner), .closed(_, let owner): owner
        }
    }
}

extension Departure: CustomStringConvertible {
    /// One line: `leaves as 192.0.2.7 by node-2 (EgressIP partner)`.
    package var description: String {
        switch self {
        case .asNode(let node): "leaves with the address of " + (node.map { "its node, \($0)" } ?? "its node")
        case .with(let held, let owner):
            "leaves as " + held.map { "\($0.address) by \($0.holder)" }.joined(separator: " or ") + " (\(owner))"
        case .unplaced(let addresses, let owner):
            "leaves as " + addresses.map(\.description).joined(separator: " or ")
                + " (\(owner)), by which node no EgressNode says here"
        case .closed(let reasons, let owner):
            "\(Self.drop): nothing leaves without an address of \(owner): " + reasons.joined(separator: "; ")
        }
    }
}
