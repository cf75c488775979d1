/// A change that flips a verdict: it was made to a copy of the engine, and the flow judged again.
package struct Suggestion: Hashable, Sendable {
    /// What to do, for people: `open port 80/TCP in NetworkPolicy shop/db ingress[0]`; one for each object.
    package let steps: [String]
    package let edits: [Edit]
    /// What else changes.
    package let effect: Effect
}

/// What a change does to others, as far as they use the same protocol and port: between each end of the flow and every
/// other pod.
package struct Effect: Hashable, Sendable {
    /// Connections that were denied and would be allowed.
    package var opened = 0
    /// Connections that were allowed and would be denied.
    package var cut = 0

    package init(opened: Int = 0, cut: Int = 0) {
        self.opened = opened
        self.cut = cut
    }

    /// Nothing but the flow itself changes.
    package static let none = Effect()

    /// `nothing else changes`, `also opens 3 connections of other pods, and cuts 1`.
    package var text: String {
        switch (opened, cut) {
        case (0, 0): "nothing else changes on this port"
        case (_, 0): "also opens \(Self.count(opened))"
        case (0, _): "also cuts \(Self.count(cut))"
        default: "also opens \(Self.count(opened)) and cuts \(cut)"
        }
    }

    private static func count(_ number: Int) -> String {
        number == 1 ? "1 connection of another pod" : "\(number) connections of other pods"
    }
}

/// A change that may flip a verdict.
struct Candidate: Hashable {
    /// How direct a way it is: among equal effects the least comes first.
    enum Rank: Int, Comparable {
        case port, podLabel, exception, peer, subjectLabel, rule, removal, policy, namespaceLabel, clusterRule

        static func < (left: Rank, right: Rank) -> Bool { left.rawValue < right.rawValue }
    }

    let rank: Rank
    let steps: [String]
    let edits: [Edit]

    init(_ rank: Rank, _ steps: [String], _ edits: [Edit]) {
        self.rank = rank
        self.steps = steps
        self.edits = edits
    }
}
