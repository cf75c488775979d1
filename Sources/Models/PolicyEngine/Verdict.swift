/// The answer for a flow: allowed only if the source's egress and the destination's ingress both allow it.
package struct Verdict: Hashable, Sendable {
    package let egress: Decision
    package let ingress: Decision

    package init(egress: Decision, ingress: Decision) {
        self.egress = egress
        self.ingress = ingress
    }

    /// The same decision on both sides.
    package init(_ both: Decision) { self.init(egress: both, ingress: both) }

    package var allowed: Bool { egress.allowed && ingress.allowed }

    /// One line: the denying rules, or the rules of both directions when allowed.
    package var rule: String {
        let deciding = allowed ? [egress, ingress] : [egress, ingress].filter { !$0.allowed }
        let texts = deciding.map(\.rule.description)
        return texts.count == 2 && texts[0] == texts[1] ? texts[0] : texts.joined(separator: "; ")
    }
}

/// What one direction says, and why.
package struct Decision: Hashable, Sendable {
    package let allowed: Bool
    package let rule: RuleID

    package init(allowed: Bool, rule: RuleID) {
        self.allowed = allowed
        self.rule = rule
    }

    static func allow(_ rule: RuleID) -> Decision { Decision(allowed: true, rule: rule) }
    static func deny(_ rule: RuleID) -> Decision { Decision(allowed: false, rule: rule) }
}
