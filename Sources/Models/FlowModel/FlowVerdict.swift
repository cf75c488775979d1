/// Brings together what a node's kernel did and what the policy engine says.
///
/// The kernel's deed is a fact; the engine's answer is of the moment of asking, which is a little later, and policies may
/// have changed in between. It also knows what another node will do.
package enum FlowVerdict {
    /// The name of drops by policies.
    package static let policyDrop = "drop_policy"

    /// What the kernel of this node did with a packet.
    package enum Deed: Hashable, Sendable {
        case passed
        /// `words` is the rule's id, as far as the kernel's prefix holds it; empty for drops that are no policy's.
        case dropped(name: String, words: String)
    }

    /// What the engine says of a flow, and on which side this node enforces.
    package struct Judgement: Hashable, Sendable {
        package var source: FlowEndpoint
        package var destination: FlowEndpoint
        package var egress: FlowRecord.Decision
        package var ingress: FlowRecord.Decision
        package var isSourceHere: Bool
        package var isDestinationHere: Bool
        /// What would be if all that is staged were enforced; nil while nothing is.
        package var staged: FlowRecord.Decision?

        package init(
            source: FlowEndpoint, destination: FlowEndpoint, egress: FlowRecord.Decision,
            ingress: FlowRecord.Decision, isSourceHere: Bool, isDestinationHere: Bool,
            staged: FlowRecord.Decision? = nil
        ) {
            self.source = source
            self.destination = destination
            self.egress = egress
            self.ingress = ingress
            self.isSourceHere = isSourceHere
            self.isDestinationHere = isDestinationHere
            self.staged = staged
        }
    }

    /// Fills a record's verdict and rules.
    package static func fill(_ record: inout FlowRecord, _ deed: Deed, _ judgement: Judgement) {
        record.egress = judgement.egress
        record.ingress = judgement.ingress
        switch deed {
        case .passed:
            // Where this node enforces, what passed was allowed, whatever is so by now; the other node decides for its
            // own pods, and will.
            let isDeniedThere =
                !judgement.egress.allowed && !judgement.isSourceHere
                || !judgement.ingress.allowed && !judgement.isDestinationHere
            record.verdict = isDeniedThere ? .denied : .allowed
            if judgement.isSourceHere { record.egress = passed(judgement.egress) }
            if judgement.isDestinationHere { record.ingress = passed(judgement.ingress) }
        case .dropped(let name, let words):
            record.verdict = .denied
            record.drop = name
            guard name == policyDrop else { return }
            let isKnown = [judgement.egress, judgement.ingress].contains { !$0.allowed && $0.rule.hasPrefix(words) }
            if !isKnown { overrule(&record, words, judgement) }
        }
        record.staged = judgement.staged
    }

    /// Whether policies decided about a flow: about a drop of the kernel's own they are not asked.
    static func isJudgedByPolicies(_ record: FlowRecord) -> Bool { record.drop == nil || record.drop == policyDrop }

    private static func passed(_ decision: FlowRecord.Decision) -> FlowRecord.Decision {
        if decision.allowed { return decision }
        return FlowRecord.Decision(allowed: true, rule: "passed before: \(decision.rule)")
    }

    /// The policies have changed since the kernel dropped it: its own words stand, on the side that it enforced.
    private static func overrule(_ record: inout FlowRecord, _ words: String, _ judgement: Judgement) {
        let decision = FlowRecord.Decision(allowed: false, rule: words)
        let isEgress = words.contains("egress") || !judgement.isDestinationHere
        if isEgress { record.egress = decision } else { record.ingress = decision }
    }
}
