/// What holds for one pod.
///
/// A direction without a policy is not isolated: everything passes.
package struct EndpointPolicy: Hashable, Sendable {
    package let ingress: DirectionPolicy?
    package let egress: DirectionPolicy?

    /// Whether the pod may reach the cloud's metadata addresses, as far as the directions let it.
    package let readsMetadata: Bool

    package init(ingress: DirectionPolicy? = nil, egress: DirectionPolicy? = nil, readsMetadata: Bool = false) {
        self.ingress = ingress
        self.egress = egress
        self.readsMetadata = readsMetadata
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

/// What the tiers say about one direction: they are asked in order until one decides; what none decides is allowed.
///
/// Equal by content; see `TierPart`.
package struct DirectionPolicy: Hashable, Sendable {
    /// Ascending by tier, each at most once, never empty.
    package let parts: [TierPart]

    package init(parts: [TierPart]) { self.parts = parts }

    /// The policies that select the pod in this direction, tier by tier.
    package var policies: [PolicyReference] { parts.flatMap(\.policies) }

    /// The rules of all tiers, in the order in which they are asked.
    package var rules: [ResolvedRule] { parts.flatMap(\.rules) }

    /// Every set that a rule refers to.
    package var peerSets: Set<PeerSetID> {
        parts.reduce(into: []) { $0.formUnion($1.peerSets) }
    }

    package subscript(_ tier: Tier) -> TierPart? { parts.first { $0.tier == tier } }
}
