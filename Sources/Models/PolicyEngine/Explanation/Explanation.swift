package import ClusterAPI
package import NetworkTypes

/// Why a flow is judged as it is: everything that was asked, in the order of asking.
package struct Explanation: Hashable, Sendable {
    package let flow: Flow
    package let egress: DirectionExplanation
    package let ingress: DirectionExplanation

    /// The verdict that is explained.
    package var verdict: Verdict { Verdict(egress: egress.decision, ingress: ingress.decision) }

    package subscript(_ direction: Direction) -> DirectionExplanation { direction == .egress ? egress : ingress }
}

/// What one end of a flow says.
package struct DirectionExplanation: Hashable, Sendable {
    package let direction: Direction
    /// Whose rules are asked: the source for egress, the destination for ingress.
    package let end: EndFacts
    /// Whom the rules look at.
    package let other: EndFacts
    package let decision: Decision
    /// Those that have a policy for this end, ascending; empty where policies have no say.
    package let tiers: [TierExplanation]

    /// What the tiers add up to; nil if none of them decides.
    package var decided: Decision? {
        for tier in tiers {
            switch tier.outcome {
            case .decided(let decision): return decision
            case .passed, .undecided, .notAsked: continue
            }
        }
        return nil
    }
}

/// What is known of one end of a flow.
package struct EndFacts: Hashable, Sendable {
    package enum Kind: Hashable, Sendable {
        /// A pod on a network of its own.
        case pod(ObjectKey, labels: [String: String], namespaceLabels: [String: String])
        /// A node or a pod on its host network.
        case node(String)
        case external
        /// No packet can be sent or received.
        case unreachable
    }

    package let party: Party
    package let kind: Kind
    /// The address that the flow uses; nil if it is not known.
    package let address: IPAddress?

    package var pod: ObjectKey? {
        if case .pod(let key, _, _) = kind { key } else { nil }
    }
}

/// What one tier says about one end.
package struct TierExplanation: Hashable, Sendable {
    package enum Outcome: Hashable, Sendable {
        /// By a rule, or by the default at the end of the tier; called what the verdict calls it.
        case decided(Decision)
        /// The rule passed it on to the next tier.
        case passed(RuleID)
        /// No rule matched, and the next tier was asked.
        case undecided
        /// An earlier tier had decided.
        case notAsked
    }

    package let tier: Tier
    /// The policies that select the end, in the order in which they are asked.
    package let policies: [PolicyReference]
    /// In the order in which they are asked.
    package let rules: [RuleExplanation]
    package let outcome: Outcome
    /// Policies that do not select the end, though one of their rules is about this flow.
    package let unselected: [UnselectedPolicy]
}

/// One rule held against a flow.
package struct RuleExplanation: Hashable, Sendable {
    /// What it is called for all flows, as the kernel counts it (`RuleID.counted`).
    package let id: RuleID
    package let policy: PolicyReference
    /// The place in the policy's list; nil for a policy of which nothing can be read.
    package let index: Int?
    package let action: RuleAction
    /// False for rules after the one that decided.
    package let isAsked: Bool
    /// Why the port does not match; empty if it does.
    package let ports: [Difference]
    /// Each of the rule's peers that the other end is not; empty if it is one of them, or the rule is about everyone.
    package let peers: [PeerMiss]

    package var matches: Bool { ports.isEmpty && peers.isEmpty }

    /// How many facts would have to be others: the fewer, the nearer.
    package var distance: Int {
        (ports.isEmpty ? 0 : 1) + (peers.map { max(1, $0.differences.count) }.min() ?? 0)
    }
}

/// A peer of a rule, and what keeps an end from being it.
package struct PeerMiss: Hashable, Sendable {
    /// The peer's definition, in the canonical form of `PeerSetID`.
    package let peer: String
    package let differences: [Difference]
}

/// A policy that would have had a say, if only it selected the end.
package struct UnselectedPolicy: Hashable, Sendable {
    package let policy: PolicyReference
    /// Its first rule that matches the flow.
    package let rule: RuleID
    package let action: RuleAction
    /// What keeps it from selecting the end.
    package let differences: [Difference]
}
