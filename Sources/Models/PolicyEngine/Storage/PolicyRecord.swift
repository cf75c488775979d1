import ClusterAPI

/// A policy in the engine: its compiled form with its peer sets in their slots.
struct PolicyRecord: Sendable {
    private let content: Content
    let outline: PolicyOutline
    /// The pods that `subject` selects, or may select.
    var selected: Set<Int>

    init(
        source: PolicySource, generation: Int, place: PolicyPlace, subject: PolicySubject, ingress: [RuleRecord]?,
        egress: [RuleRecord]?, ingressNames: [NamedPort], diagnostics: [PolicyDiagnostic], selected: Set<Int>
    ) {
        content = Content(
            source: source, place: place, subject: subject, ingress: ingress, egress: egress,
            ingressNames: ingressNames, diagnostics: diagnostics)
        outline = PolicyOutline(
            generation: generation, tier: place.tier, priority: place.priority, touchesIngress: ingress != nil,
            touchesEgress: egress != nil, namesIngressPorts: !ingressNames.isEmpty)
        self.selected = selected
    }

    /// What it was made of: an equal one is the same event.
    var source: PolicySource { content.source }
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

    func touches(_ direction: Direction) -> Bool { outline.touches(direction) }

    /// The slot of every set, once for each reference.
    var setReferences: [Int] {
        ((ingress ?? []) + (egress ?? [])).flatMap { ($0.peers ?? []) + $0.namedSets }
    }

    /// Nil for what depends on the pod: a rule that closes pods without a zone.
    func id(of rule: RuleRecord, _ direction: Direction) -> RuleID? { RuleID(rule, direction, of: place, source) }

    /// The rules of a direction as they are for every pod that the policy certainly selects; nil if they depend on the pod.
    func shared(_ direction: Direction) -> [ResolvedRule]? {
        direction == .ingress ? content.sharedIngress : content.sharedEgress
    }
}

extension PolicyRecord {
    /// What never changes, shared by all copies of a record: they are made by the thousand.
    private final class Content: Sendable {
        let source: PolicySource
        let place: PolicyPlace
        let subject: PolicySubject
        let ingress: [RuleRecord]?
        let egress: [RuleRecord]?
        let ingressNames: [NamedPort]
        let diagnostics: [PolicyDiagnostic]
        let sharedIngress: [ResolvedRule]?
        let sharedEgress: [ResolvedRule]?

        init(
            source: PolicySource, place: PolicyPlace, subject: PolicySubject, ingress: [RuleRecord]?,
            egress: [RuleRecord]?, ingressNames: [NamedPort], diagnostics: [PolicyDiagnostic]
        ) {
            self.source = source
            self.place = place
            self.subject = subject
            self.ingress = ingress
            self.egress = egress
            self.ingressNames = ingressNames
            self.diagnostics = diagnostics
            sharedIngress = ingressNames.isEmpty ? Self.shared(ingress, .ingress, place, source) : nil
            sharedEgress = Self.shared(egress, .egress, place, source)
        }

        /// Made once for all pods; nil if a rule's name depends on the pod.
        private static func shared(
            _ rules: [RuleRecord]?, _ direction: Direction, _ place: PolicyPlace, _ source: PolicySource
        ) -> [ResolvedRule]? {
            var shared: [ResolvedRule] = []
            for rule in rules ?? [] {
                guard let id = RuleID(rule, direction, of: place, source) else { return nil }
                shared += rule.resolved(id, rule.action, direction, [:])
            }
            return shared
        }
    }
}

/// What is asked of a policy for each pod and each change, to be read without touching (and counting uses of) its content.
struct PolicyOutline: Sendable {
    /// Another number for every version of every policy: what derived values are remembered by.
    let generation: Int
    let tier: Tier
    let priority: Int
    let touchesIngress: Bool
    let touchesEgress: Bool
    /// Whether ingress rules name ports.
    let namesIngressPorts: Bool

    func touches(_ direction: Direction) -> Bool { direction == .ingress ? touchesIngress : touchesEgress }
}

/// A policy as the API has it, without its metadata.
enum PolicySource: Hashable, Sendable {
    case networkPolicy(NetworkPolicySpec?)
    case admin(AdminNetworkPolicySpec?)
    case cluster(ClusterNetworkPolicySpec?)
    case metadata(MetadataAccessSpec?)
    case tenancy(ProjectNetwork, [AddressBlock])
    /// With the other ones of its namespace, and where pods have their addresses.
    case egress(EgressFirewallForm, [PolicyReference], [AddressBlock])
    /// One of the policies that all zones together come to.
    case zone(CompiledPolicy)
}
