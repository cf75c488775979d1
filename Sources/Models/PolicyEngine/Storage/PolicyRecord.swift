import ClusterAPI

/// A policy in the engine: its compiled form with its peer sets in their slots.
struct PolicyRecord: Sendable {
    private let content: Content
    /// The pods that `subject` selects, or may select.
    var selected: Set<Int>

    init(
        source: PolicySource, generation: Int, place: PolicyPlace, subject: PolicySubject, ingress: [RuleRecord]?,
        egress: [RuleRecord]?, ingressNames: [NamedPort], diagnostics: [PolicyDiagnostic], selected: Set<Int>
    ) {
        content = Content(
            source: source, generation: generation, place: place, subject: subject, ingress: ingress, egress: egress,
            ingressNames: ingressNames, diagnostics: diagnostics)
        self.selected = selected
    }

    /// What it was made of: an equal one is the same event.
    var source: PolicySource { content.source }
    /// Another number for every version of every policy: what derived values are remembered by.
    var generation: Int { content.generation }
    var place: PolicyPlace { content.place }
    var subject: PolicySubject { content.subject }
    var ingress: [RuleRecord]? { content.ingress }
    var egress: [RuleRecord]? { content.egress }
    /// Named ports in ingress rules, ascending: they resolve differently for each pod selected.
    var ingressNames: [NamedPort] { content.ingressNames }
    var diagnostics: [PolicyDiagnostic] { content.diagnostics }

    var reference: PolicyReference { place.policy }

    /// False for what no object of its own stands for: the rule that closes pods without a zone.
    var isNamed: Bool { reference.kind != .zone || !reference.key.name.isEmpty }

    subscript(_ direction: Direction) -> [RuleRecord]? { direction == .ingress ? ingress : egress }

    func touches(_ direction: Direction) -> Bool { direction == .ingress ? ingress != nil : egress != nil }

    /// The slot of every set, once for each reference.
    var setReferences: [Int] {
        ((ingress ?? []) + (egress ?? [])).flatMap { ($0.peers ?? []) + $0.namedSets }
    }

    /// Nil for what depends on the pod: a rule that closes pods without a zone.
    func id(of rule: RuleRecord, _ direction: Direction) -> RuleID? {
        if place.tier == .zones { return rule.zone.map { .zone($0) } }
        if reference.kind == .networkPolicy {
            return .networkPolicy(reference.key, direction, index: rule.index ?? 0)
        }
        if case .tenancy(let network, _) = source { return .tenancy(TenancyRuleID(network)) }
        return .clusterPolicy(
            ClusterRuleID(
                kind: reference.kind, policy: reference.key.name, tier: place.tier, direction: direction,
                index: rule.index, name: rule.name))
    }
}

extension PolicyRecord {
    /// What never changes, shared by all copies of a record: they are made by the thousand.
    private final class Content: Sendable {
        let source: PolicySource
        let generation: Int
        let place: PolicyPlace
        let subject: PolicySubject
        let ingress: [RuleRecord]?
        let egress: [RuleRecord]?
        let ingressNames: [NamedPort]
        let diagnostics: [PolicyDiagnostic]

        init(
            source: PolicySource, generation: Int, place: PolicyPlace, subject: PolicySubject, ingress: [RuleRecord]?,
            egress: [RuleRecord]?, ingressNames: [NamedPort], diagnostics: [PolicyDiagnostic]
        ) {
            self.source = source
            self.generation = generation
            self.place = place
            self.subject = subject
            self.ingress = ingress
            self.egress = egress
            self.ingressNames = ingressNames
            self.diagnostics = diagnostics
        }
    }
}

/// A policy as the API has it, without its metadata.
enum PolicySource: Hashable, Sendable {
    case networkPolicy(NetworkPolicySpec?)
    case admin(AdminNetworkPolicySpec?)
    case cluster(ClusterNetworkPolicySpec?)
    case tenancy(ProjectNetwork, [AddressBlock])
    /// One of the policies that all zones together come to.
    case zone(CompiledPolicy)
}

struct RuleRecord: Sendable {
    /// The place in the policy's list; nil for a policy of which nothing can be read.
    let index: Int?
    let name: String?
    let action: RuleAction
    /// Slots of address and network sets; nil for everyone.
    let peers: [Int]?
    let ports: CompiledPorts
    /// Egress only: slots of the sets that hold `ports.named` on `peers`.
    let namedSets: [Int]
    /// The ids of `peers` and of `namedSets`, ascending: every pod's resolved form has them.
    let peerIDs: [PeerSetID]?
    let namedIDs: [PeerSetID]
    /// For the rules of zones, what they are called.
    var zone: ZoneRuleID?
}
