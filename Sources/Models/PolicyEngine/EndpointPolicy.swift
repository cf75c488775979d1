package import ClusterAPI

/// What holds for one pod.
///
/// A direction without a policy is not isolated: everything passes.
package struct EndpointPolicy: Hashable, Sendable {
    package let ingress: DirectionPolicy?
    package let egress: DirectionPolicy?

    package init(ingress: DirectionPolicy? = nil, egress: DirectionPolicy? = nil) {
        self.ingress = ingress
        self.egress = egress
    }

    package static let open = EndpointPolicy()

    package subscript(_ direction: Direction) -> DirectionPolicy? {
        direction == .ingress ? ingress : egress
    }

    /// Every set that a rule of either direction refers to.
    package var peerSets: Set<PeerSetID> {
        (ingress?.peerSets ?? []).union(egress?.peerSets ?? [])
    }
}

/// The rules of one direction: what none of them allows is denied by `defaultDeny`.
///
/// Equal by content: pods that the same policies select (and whose named ports have equal numbers) share one. The content
/// is shared and hashed once, so values are cheap to copy, to compare and to use as keys.
package struct DirectionPolicy: Hashable, Sendable {
    private let content: Content

    /// `policies` ascending; `rules` in the order in which they are named as the reason.
    package init(policies: [ObjectKey], rules: [ResolvedRule], defaultDeny: RuleID) {
        content = Content(policies: policies, rules: rules, defaultDeny: defaultDeny)
    }

    /// The policies that isolate the pod in this direction.
    package var policies: [ObjectKey] { content.policies }
    package var rules: [ResolvedRule] { content.rules }
    package var defaultDeny: RuleID { content.defaultDeny }

    /// Every set that a rule refers to.
    package var peerSets: Set<PeerSetID> {
        var sets: Set<PeerSetID> = []
        for rule in rules {
            if case .sets(let ids) = rule.peers { sets.formUnion(ids) }
        }
        return sets
    }

    package static func == (left: DirectionPolicy, right: DirectionPolicy) -> Bool {
        if left.content === right.content { return true }
        return left.content.digest == right.content.digest && left.policies == right.policies
            && left.rules == right.rules && left.defaultDeny == right.defaultDeny
    }

    package func hash(into hasher: inout Hasher) { hasher.combine(content.digest) }

    private final class Content: Sendable {
        let policies: [ObjectKey]
        let rules: [ResolvedRule]
        let defaultDeny: RuleID
        /// A hash of the rest, valid within this process.
        let digest: Int

        init(policies: [ObjectKey], rules: [ResolvedRule], defaultDeny: RuleID) {
            self.policies = policies
            self.rules = rules
            self.defaultDeny = defaultDeny
            var hasher = Hasher()
            hasher.combine(policies)
            hasher.combine(rules)
            digest = hasher.finalize()
        }
    }
}
