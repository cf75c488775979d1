import ClusterAPI

/// A policy in the engine: its compiled form with its peer sets in their slots.
struct PolicyRecord: Sendable {
    let key: ObjectKey
    let spec: NetworkPolicySpec?
    /// Another number for every version of every policy: what derived values are remembered by.
    let generation: Int
    let subject: LabelSelector
    let ingress: [RuleRecord]?
    let egress: [RuleRecord]?
    /// Named ports in ingress rules, ascending: they resolve differently for each pod selected.
    let ingressNames: [NamedPort]
    let diagnostics: [PolicyDiagnostic]
    /// The pods that `subject` selects.
    var selected: Set<Int> = []

    subscript(_ direction: Direction) -> [RuleRecord]? { direction == .ingress ? ingress : egress }

    /// The slot of every set, once for each reference.
    var setReferences: [Int] {
        ((ingress ?? []) + (egress ?? [])).flatMap { ($0.peers ?? []) + $0.namedSets }
    }
}

struct RuleRecord: Sendable {
    /// The place in the policy's list.
    let index: Int
    /// Slots of address and network sets; nil for everyone.
    let peers: [Int]?
    let ports: CompiledPorts
    /// Egress only: slots of the sets that hold `ports.named` on `peers`.
    let namedSets: [Int]
}
