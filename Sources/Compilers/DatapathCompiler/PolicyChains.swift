import NFTables
import NetworkTypes
import PolicyEngine

/// The chains of one `DirectionPolicy`: a function of its content alone, so that pods with equal content share them.
///
/// Everything that decides does it for good: an ingress chain accepts or drops, an egress chain drops or goes on to the
/// destination's ingress.
struct PolicyChains {
    /// Where the verdict map leads to.
    let entry: Name
    private(set) var chains: [Name: Chain] = [:]
    /// The sets that the chains look up.
    private(set) var groups: Set<SetGroup> = []

    private let direction: Direction
    private let deny: Name

    init(_ policy: DirectionPolicy, _ direction: Direction) {
        self.direction = direction
        let reason = policy.defaultDeny.description
        deny = "deny-\(reason.stableDigest)"
        var rules: [Rule] = []
        var pieces = Self.sorted(policy.rules)
        if pieces.isEverything {
            rules = [Rule(id: "\(direction.rawValue): everything", .verdict(Self.allow(direction)))]
            entry = Self.name(direction, "", rules)
            chains[entry] = Chain(rules: rules)
            return
        }
        let classes = PortClasses(policy.rules, except: pieces.everyPort)
        pieces.namedPorts.subtract(pieces.everyPort)
        var made: [Name: Chain] = [:]
        var used: Set<SetGroup> = []
        for groups in [SetGroup.bounded(pieces.everyPort), SetGroup.bounded(pieces.namedPorts)] {
            rules += Self.lookups(groups, direction)
            used.formUnion(groups)
        }
        let verdicts = Self.verdicts(classes, direction, deny, &made, &used)
        if !verdicts.isEmpty {
            rules.append(
                Rule(
                    id: "\(direction.rawValue) by port",
                    .anonymousVerdictMap([.layer4Protocol, .destinationPort], verdicts)))
        }
        rules.append(Rule(id: "\(direction.rawValue): no rule", .verdict(.goto(deny))))
        made[deny] = LogRules.denial(reason)
        entry = Self.name(direction, "", rules)
        made[entry] = Chain(rules: rules)
        chains = made
        groups = used
    }

    /// The peers of rules that ask for no port of their own, and of rules whose peers carry the port.
    private struct Pieces {
        var isEverything = false
        var everyPort: Set<PeerSetID> = []
        var namedPorts: Set<PeerSetID> = []
    }

    private static func sorted(_ rules: [ResolvedRule]) -> Pieces {
        var pieces = Pieces()
        for rule in rules {
            switch (rule.ports, rule.peers) {
            case (.all, .everyone): pieces.isEverything = true
            case (.all, .sets(let ids)): pieces.everyPort.formUnion(ids)
            case (.ofPeers, .sets(let ids)): pieces.namedPorts.formUnion(ids)
            case (.ofPeers, .everyone), (.ports, _): break
            }
        }
        return pieces
    }

    private static func verdicts(
        _ classes: PortClasses, _ direction: Direction, _ deny: Name, _ chains: inout [Name: Chain],
        _ groups: inout Set<SetGroup>
    ) -> [ElementKey: NFTables.Verdict] {
        var targets: [PortClasses.Peers: NFTables.Verdict] = [.everyone: allow(direction)]
        var verdicts: [ElementKey: NFTables.Verdict] = [:]
        for (peers, transport, range) in classes.ranges {
            let target: NFTables.Verdict
            if let known = targets[peers] {
                target = known
            } else if case .sets(let ids) = peers {
                let used = SetGroup.bounded(ids)
                let rules =
                    lookups(used, direction) + [Rule(id: "\(direction.rawValue): no peer", .verdict(.goto(deny)))]
                let name = name(direction, "ports-", rules)
                chains[name] = Chain(rules: rules)
                groups.formUnion(used)
                target = .goto(name)
                targets[peers] = target
            } else {
                continue
            }
            verdicts[ElementKey(.transport(transport), .ports(range))] = target
        }
        return verdicts
    }

    private static func lookups(_ groups: [SetGroup], _ direction: Direction) -> [Rule] {
        groups.flatMap { group in
            IPAddress.Family.allCases.map { family in
                Rule(
                    id: "\(direction.rawValue) peers \(group.label)",
                    .lookup(group.fields(direction, family), group.kernelName(family)), .verdict(allow(direction)))
            }
        }
    }

    private static func allow(_ direction: Direction) -> NFTables.Verdict {
        direction == .ingress ? .accept : .goto(KernelNames.reachPod)
    }

    /// By what the rules do and say.
    private static func name(_ direction: Direction, _ part: String, _ rules: [Rule]) -> Name {
        let text = rules.map { $0.id + "\n" + $0.text }.joined(separator: "\n")
        return "\(direction.rawValue)-\(part)\(text.stableDigest)"
    }
}
