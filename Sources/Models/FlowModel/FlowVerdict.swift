/// Brings together what a node's kernel did and what the policy engine says.
///
/// The kernel's deed is a fact; the engine's answer is of the moment of asking, which is a little later, and policies may
/// have changed in between. It also knows what another node will do.
package enum FlowVerdict {
    /// The name of drops by policies.
    package static let policyDrop = "drop_policy"

    /// Drops that objects of the API decide: those, and that of the guard of the cloud's metadata.
    static let decidedDrops: Set = [policyDrop, "drop_metadata"]

    /// The policy of a decision that the policies of now do not make.
    package static let changedPolicy = "(changed)"

    /// What the kernel of this node did with a packet.
    package enum Deed: Hashable, Sendable {
        case passed
        /// By the counter's name; without a denial for drops that are no policy's.
        case dropped(name: String, by: Denial?)

        /// Whether a flow's packets so far had the same end, by the same rule.
        func isThat(of record: FlowRecord) -> Bool {
            switch self {
            case .passed: record.drop == nil
            case .dropped(let name, let denial): record.drop == name && record.chain == denial?.chain
            }
        }
    }

    /// A rule that denied, as the kernel's report names it.
    package struct Denial: Hashable, Sendable {
        /// Whether it is one of the source's side.
        package var isEgress: Bool
        /// The kernel's chain: one for each rule and direction.
        package var chain: String
        /// The rule's id, as far as the report holds it.
        package var words: String

        package init(isEgress: Bool, chain: String, words: String) {
            self.isEgress = isEgress
            self.chain = chain
            self.words = words
        }
    }

    /// What the engine says of a flow, and on which side this node enforces.
    package struct Judgement: Hashable, Sendable {
        package var source: FlowEndpoint
        package var destination: FlowEndpoint
        package var egress: FlowRecord.Decision
        package var ingress: FlowRecord.Decision
        /// The chain in which a kernel drops in the name of that decision's rule; nil where it allows.
        package var egressChain: String?
        package var ingressChain: String?
        package var isSourceHere: Bool
        package var isDestinationHere: Bool
        /// What would be if all that is staged were enforced; nil while nothing is.
        package var staged: FlowRecord.Decision?

        package init(
            source: FlowEndpoint, destination: FlowEndpoint, egress: FlowRecord.Decision,
            ingress: FlowRecord.Decision, isSourceHere: Bool, isDestinationHere: Bool,
            egressChain: String? = nil, ingressChain: String? = nil, staged: FlowRecord.Decision? = nil
        ) {
            self.source = source
            self.destination = destination
            self.egress = egress
            self.ingress = ingress
            self.egressChain = egressChain
            self.ingressChain = ingressChain
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
        case .dropped(let name, let denial):
            record.verdict = .denied
            record.drop = name
            record.chain = denial?.chain
            guard decidedDrops.contains(name) else { return }
            if let denial { deny(&record, denial, judgement) }
        }
        record.staged = judgement.staged
    }

    private static func passed(_ decision: FlowRecord.Decision) -> FlowRecord.Decision {
        if decision.allowed { return decision }
        return FlowRecord.Decision(allowed: true, rule: "passed before: \(decision.rule)", policy: changedPolicy)
    }

    /// The engine's words if it names the rule that the kernel dropped by; else the policies have changed since, and the
    /// kernel's own stand.
    private static func deny(_ record: inout FlowRecord, _ denial: Denial, _ judgement: Judgement) {
        let changed = FlowRecord.Decision(allowed: false, rule: denial.words, policy: changedPolicy)
        if denial.isEgress {
            if judgement.egressChain != denial.chain { record.egress = changed }
            return
        }
        if judgement.ingressChain != denial.chain { record.ingress = changed }
        // The source's rules were asked first.
        if judgement.isSourceHere { record.egress = passed(judgement.egress) }
    }
}
