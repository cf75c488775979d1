package import Lab
import NetworkTypes
package import PolicyEngine

/// What was seen of a packet, beside what policies say about it.
package struct TraceReport: Sendable {
    package let explanation: ExplanationReport
    package let trace: PacketTrace
    /// What could not be seen, and why.
    package let limits: [String]

    package init(explanation: ExplanationReport, trace: PacketTrace, limits: [String] = []) {
        self.explanation = explanation
        self.trace = trace
        self.limits = limits
    }

    package enum Finding: Hashable, Sendable {
        /// Kernel and explanation say the same.
        case agreement
        /// A rule that is not about policies dropped it before any policy was asked.
        case beforePolicies(String)
        case difference(String)
        /// Nothing was seen that could be compared.
        case unseen(String)
    }

    /// Whether the kernel did what the explanation says.
    package var finding: Finding {
        if let (node, step) = trace.death {
            if Self.isNamedDrop(step) { return .beforePolicies(step.rule ?? step.chain) }
            guard let expected = denyingRule else {
                return .difference("policies allow it, and node \(node) dropped it in \(step.chain)")
            }
            // The chain's name is a digest of the whole rule id; the comment may be cut short.
            if step.chain == Self.chain(denying: expected) { return .agreement }
            return .difference("policies name \(expected), and the kernel dropped it by \(step.rule ?? step.chain)")
        }
        guard let outcome = trace.outcome else {
            return .unseen(
                trace.ways.isEmpty ? "no such packet came by" : "the packet passed every rule here")
        }
        switch (outcome.isReached, explanation.isAllowed) {
        case (true, true): return .agreement
        case (true, false): return .difference("policies deny it, and it arrived: \(outcome)")
        case (false, _) where trace.ways.isEmpty:
            return .unseen("no packet left the sender: \(outcome). Has it an address and a route?")
        case (false, _): return .unseen("no rule dropped it, and no answer came: \(outcome)")
        }
    }

    /// The rule that a packet meets first, of those that deny it.
    private var denyingRule: RuleID? {
        let verdict = explanation.explanation.verdict
        if !verdict.egress.allowed { return verdict.egress.rule }
        return verdict.ingress.allowed ? nil : verdict.ingress.rule
    }

    /// The chain of the datapath that drops in the name of a rule (`docs/design/datapath.md`).
    package static func chain(denying rule: RuleID) -> String { "deny-\(rule.description.stableDigest)" }

    private static func isNamedDrop(_ step: PacketTrace.Step) -> Bool {
        step.rule.map { $0.hasPrefix("drop_") } ?? false
    }
}
