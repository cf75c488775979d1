import NFTables
import NetworkTypes
import PolicyEngine

/// The chains of a policy, or of one tier of it: a function of its content alone, so that equal content shares them.
struct PolicyChains {
    /// Where those who ask go to.
    let entry: Name
    private(set) var chains: [Name: Chain] = [:]
    /// The sets that the chains look up.
    private(set) var groups: Set<SetGroup> = []

    /// Collects chains while they are made.
    struct Builder {
        let direction: Direction
        private(set) var chains: [Name: Chain] = [:]
        private(set) var groups: Set<SetGroup> = []
        /// What was made already: the classes of ports of a tier repeat the rules that ask for none.
        private var denials: [RuleID: Name] = [:]
        private var known: [Lookups: [Rule]] = [:]

        private struct Lookups: Hashable {
            let sets: Set<PeerSetID>
            let verdict: NFTables.Verdict
            let what: String
        }

        init(_ direction: Direction) { self.direction = direction }

        /// Adds a chain; its name is what its rules do and say.
        mutating func add(_ part: String, _ rules: [Rule]) -> Name {
            let text = rules.map { $0.id + "\n" + $0.text }.joined(separator: "\n")
            let name: Name = "\(direction.rawValue)-\(part)\(text.stableDigest)"
            chains[name] = Chain(rules: rules)
            return name
        }

        /// A chain that tells, counts and drops in the name of a rule.
        mutating func addDeny(_ id: RuleID) -> Name {
            if let known = denials[id] { return known }
            let name = DenialName(id, direction)
            chains[name.chain] = LogRules.denial(name, id.description)
            denials[id] = name.chain
            return name.chain
        }

        /// Rules for traffic whose other end is in one of the sets: a bounded number, however many sets there are.
        mutating func lookups(
            _ sets: Set<PeerSetID>, _ verdict: NFTables.Verdict, what: String = "peers"
        ) -> [Rule] {
            let asked = Lookups(sets: sets, verdict: verdict, what: what)
            if let rules = known[asked] { return rules }
            let bounded = SetGroup.bounded(sets)
            groups.formUnion(bounded)
            let rules = bounded.flatMap { group in
                let id = "\(direction.rawValue) \(what) \(group.label)"
                let name = group.name
                return IPAddress.Family.allCases.map { family in
                    Rule(
                        id: id, .lookup(group.fields(direction, family), SetGroup.kernelName(name, family)),
                        .verdict(verdict))
                }
            }
            known[asked] = rules
            return rules
        }

        /// Ingress is the last to decide; after egress the destination has a say.
        var allow: NFTables.Verdict { direction == .ingress ? .accept : .goto(KernelNames.reachPod) }
    }

    init(_ builder: Builder, entry: Name) {
        self.entry = entry
        chains = builder.chains
        groups = builder.groups
    }
}

extension PolicyChains {
    /// The chains of one tier.
    ///
    /// NetworkPolicy's decides for good: an ingress chain accepts or drops, an egress chain drops or goes on to the
    /// destination's ingress. The others' return where the next tier is to be asked.
    ///
    /// - Parameter networks: What a set of networks or hosts covers: such sets never change.
    static func of(
        _ part: TierPart, _ direction: Direction, networks: (PeerSetID) -> [CIDR]
    ) -> PolicyChains {
        part.tier == .networkPolicy ? networkPolicy(part, direction) : tier(part, direction, networks: networks)
    }

    /// What leads through the tiers of a policy to the chains of each; nil if NetworkPolicy is the only one.
    static func entry(_ policy: DirectionPolicy, _ direction: Direction, _ parts: [PolicyChains]) -> PolicyChains? {
        if policy.parts.count == 1, policy.parts[0].tier == .networkPolicy { return nil }
        var builder = Builder(direction)
        var rules: [Rule] = []
        var isFinal = false
        for (part, chains) in zip(policy.parts, parts) {
            isFinal = part.tier == .networkPolicy
            rules.append(
                Rule(
                    id: "\(direction.rawValue): tier \(part.tier)",
                    .verdict(isFinal ? .goto(chains.entry) : .jump(chains.entry))))
        }
        if !isFinal {
            rules.append(Rule(id: "\(direction.rawValue): no tier decides", .verdict(builder.allow)))
        }
        let entry = builder.add("tiers-", rules)
        return PolicyChains(builder, entry: entry)
    }
}
