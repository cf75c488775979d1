import NFTables
import NetworkTypes
import PolicyEngine

extension PolicyChains {
    /// Ordered rules of which the first that matches decides: cut by port first, so that a connection meets only rules
    /// that are about its port.
    static func tier(
        _ part: TierPart, _ direction: Direction, networks: (PeerSetID) -> [CIDR]
    ) -> PolicyChains {
        var builder = Builder(direction)
        var targets: [TierSteps: NFTables.Verdict] = [:]
        var verdicts: [ElementKey: NFTables.Verdict] = [:]
        for (transport, range, rules) in TierPortClasses(part.rules).ranges {
            let steps = TierSteps(rules.map { part.rules[$0] }, end: part.end)
            let target: NFTables.Verdict
            if let known = targets[steps] {
                target = known
            } else {
                let rules = builder.rules(steps, part.tier, networks)
                target = .goto(builder.add("\(KernelNames.part(part.tier))ports-", rules))
                targets[steps] = target
            }
            verdicts[ElementKey(.transport(transport), .ports(range))] = target
        }
        var rules: [Rule] = []
        if !verdicts.isEmpty {
            rules.append(
                Rule(
                    id: "\(direction.rawValue) \(part.tier) by port",
                    .anonymousVerdictMap([.layer4Protocol, .destinationPort], verdicts)))
        }
        rules += builder.rules(TierSteps(part.rules.filter(\.asksNoPort), end: part.end), part.tier, networks)
        let entry = builder.add(KernelNames.part(part.tier), rules)
        return PolicyChains(builder, entry: entry)
    }
}

extension ResolvedRule {
    /// True for a rule that is about every port, or whose peers carry the port.
    var asksNoPort: Bool {
        if case .ports = ports { false } else { true }
    }
}

extension PolicyChains.Builder {
    mutating func rules(_ steps: TierSteps, _ tier: Tier, _ networks: (PeerSetID) -> [CIDR]) -> [Rule] {
        var rules: [Rule] = []
        for step in steps.steps {
            switch step {
            case .release(let action, let sets):
                rules += lookups(sets, verdict(action), what: "\(tier) \(action.rawValue)")
            case .deny(let denies): rules += self.rules(denies, tier)
            case .firstOf(let lists): rules += self.rules(lists, tier, networks)
            }
        }
        switch steps.end {
        // The end of the chain says so.
        case .release(.pass): break
        case .release(let action):
            rules.append(
                Rule(id: "\(direction.rawValue) \(tier) \(action.rawValue): everyone", .verdict(verdict(action))))
        case .deny(let id):
            let deny = addDeny(id)
            rules.append(Rule(id: "\(direction.rawValue) \(tier) deny: everyone", .verdict(.goto(deny))))
        }
        return rules
    }

    /// Many denies in a row cost those whom none is about a bounded number of lookups: only who is in one of all their sets
    /// goes where each has its own name.
    private mutating func rules(_ denies: [TierSteps.Deny], _ tier: Tier) -> [Rule] {
        let all = denies.reduce(into: Set<PeerSetID>()) { $0.formUnion($1.sets) }
        let each = denies.flatMap { deny in
            lookups(deny.sets, .goto(addDeny(deny.id)), what: "\(tier) deny")
        }
        guard all.count > SetGroup.maximumLookups, denies.count > 1 else { return each }
        let chain = add("\(KernelNames.part(tier))denies-", each)
        return lookups(all, .goto(chain), what: "\(tier) deny any of \(denies.count) rules:")
    }

    /// Of lists of networks the first that has the address: one lookup, however many there are.
    private mutating func rules(
        _ lists: [TierSteps.List], _ tier: Tier, _ networks: (PeerSetID) -> [CIDR]
    ) -> [Rule] {
        let verdicts = lists.map { list -> NFTables.Verdict in
            switch list.outcome {
            case .release(let action): verdict(action)
            case .deny(let id): .goto(addDeny(id))
            }
        }
        let covered = lists.map { $0.sets.flatMap(networks) }
        return IPAddress.Family.allCases.compactMap { family in
            var elements: [ElementKey: NFTables.Verdict] = [:]
            for range in FirstMatch(covered, family).ranges {
                guard let addresses = ElementValue.addresses(range.first, through: range.last) else { continue }
                elements[ElementKey(addresses)] = verdicts[range.list]
            }
            guard !elements.isEmpty else { return nil }
            let address: Field = direction == .ingress ? .sourceAddress(family) : .destinationAddress(family)
            return Rule(
                id: "\(direction.rawValue) \(tier) by address: first of \(lists.count) rules",
                .anonymousVerdictMap([address], elements))
        }
    }

    private func verdict(_ action: RuleAction) -> NFTables.Verdict { action == .allow ? allow : .return }
}
