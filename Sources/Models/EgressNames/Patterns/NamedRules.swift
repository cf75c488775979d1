/// What an ordered list of rules can do with names, and which of its rules nobody could enforce.
///
/// A name that is allowed opens addresses that were learned for it. A name that is denied closes nothing by itself: whoever knows
/// the address, or asks elsewhere, needs no name. It can only keep names from those that a later rule allows.
package struct NamedRules: Hashable, Sendable {
    package struct Rule: Hashable, Sendable {
        package var isAllowing: Bool
        package var target: Target
        /// It is about some ports only.
        package var hasPorts: Bool

        package init(isAllowing: Bool, _ target: Target, hasPorts: Bool = false) {
            self.isAllowing = isAllowing
            self.target = target
            self.hasPorts = hasPorts
        }
    }

    package enum Target: Hashable, Sendable {
        case name(NamePattern)
        /// Addresses, however they are chosen.
        case addresses
        /// Every address of both families.
        case everything
    }

    /// Of each rule that allows a name, by its place: which names it opens.
    package private(set) var selectors: [Int: NameSelector] = [:]
    /// Of each rule that cannot be enforced, by its place: why.
    package private(set) var problems: [Int: NamedRuleProblem] = [:]

    /// - Parameter isOpenAtEnd: what no rule is about is allowed.
    package init(_ rules: [Rule], isOpenAtEnd: Bool) {
        let end = rules.firstIndex { $0.target == .everything && !$0.hasPorts } ?? rules.count
        var denied: Set<NamePattern> = []
        for (place, rule) in rules.enumerated() {
            guard case .name(let pattern) = rule.target else { continue }
            if rule.isAllowing {
                selectors[place] = NameSelector(pattern, except: denied)
            } else if rule.hasPorts {
                problems[place] = .deniedPorts
            } else if place > end {
                // Never asked: what it says cannot be wrong.
                continue
            } else if let opener = Self.opener(after: place, in: rules, until: end) {
                problems[place] = .openedByAddress(rule: opener)
            } else if end == rules.count, isOpenAtEnd {
                problems[place] = .openAtEnd
            } else {
                denied.insert(pattern)
            }
        }
    }

    /// The first later rule that opens addresses whatever their name.
    private static func opener(after place: Int, in rules: [Rule], until end: Int) -> Int? {
        rules.indices.first { index in
            guard index > place, index <= end, rules[index].isAllowing else { return false }
            if case .name = rules[index].target { return false }
            return true
        }
    }
}

/// Why a rule that denies a name cannot be enforced.
package enum NamedRuleProblem: Error, Hashable, Sendable, CustomStringConvertible {
    case deniedPorts
    case openedByAddress(rule: Int)
    case openAtEnd

    package var description: String {
        let reason = "a name cannot be denied "
        switch self {
        case .deniedPorts: return reason + "for some ports only: leave the ports out"
        case .openedByAddress(let rule):
            return reason
                + "before rule \(rule) allows addresses, among which its own may be: allow names only, or deny "
                + "its addresses"
        case .openAtEnd:
            return reason + "where everything that no rule is about is allowed: deny 0.0.0.0/0 and ::/0 at the end, "
                + "or deny its addresses"
        }
    }
}
