import NFTables
import NetworkTypes
import PolicyEngine

extension PolicyChains {
    /// Rules that all allow, so that their order does not matter, and a default deny.
    static func networkPolicy(_ part: TierPart, _ direction: Direction) -> PolicyChains {
        var builder = Builder(direction)
        var pieces = Pieces(part.rules)
        if pieces.isEverything {
            let rules = [Rule(id: "\(direction.rawValue): everything", .verdict(builder.allow))]
            let entry = builder.add("", rules)
            return PolicyChains(builder, entry: entry)
        }
        let deny: NFTables.Verdict =
            if case .deny(let id) = part.end { .goto(builder.addDeny(id)) } else { .return }
        let classes = PortClasses(part.rules, except: pieces.everyPort)
        pieces.namedPorts.subtract(pieces.everyPort)
        var rules = builder.lookups(pieces.everyPort, builder.allow) + builder.lookups(pieces.namedPorts, builder.allow)
        let verdicts = verdicts(classes, deny, &builder)
        if !verdicts.isEmpty {
            rules.append(
                Rule(
                    id: "\(direction.rawValue) by port",
                    .anonymousVerdictMap([.layer4Protocol, .destinationPort], verdicts)))
        }
        rules.append(Rule(id: "\(direction.rawValue): no rule", .verdict(deny)))
        let entry = builder.add("", rules)
        return PolicyChains(builder, entry: entry)
    }

    /// The peers of rules that ask for no port of their own, and of rules whose peers carry the port.
    private struct Pieces {
        var isEverything = false
        var everyPort: Set<PeerSetID> = []
        var namedPorts: Set<PeerSetID> = []

        init(_ rules: [ResolvedRule]) {
            for rule in rules {
                switch (rule.ports, rule.peers) {
                case (.all, .everyone): isEverything = true
                case (.all, .sets(let ids)): everyPort.formUnion(ids)
                case (.ofPeers, .sets(let ids)): namedPorts.formUnion(ids)
                case (.ofPeers, .everyone), (.ports, _): break
                }
            }
        }
    }

    private static func verdicts(
        _ classes: PortClasses, _ deny: NFTables.Verdict, _ builder: inout Builder
    ) -> [ElementKey: NFTables.Verdict] {
        let direction = builder.direction.rawValue
        var targets: [PortClasses.Peers: NFTables.Verdict] = [.everyone: builder.allow]
        var verdicts: [ElementKey: NFTables.Verdict] = [:]
        for (peers, transport, range) in classes.ranges {
            let target: NFTables.Verdict
            if let known = targets[peers] {
                target = known
            } else if case .sets(let ids) = peers {
                let rules =
                    builder.lookups(ids, builder.allow) + [Rule(id: "\(direction): no peer", .verdict(deny))]
                target = .goto(builder.add("ports-", rules))
                targets[peers] = target
            } else {
                continue
            }
            verdicts[ElementKey(.transport(transport), .ports(range))] = target
        }
        return verdicts
    }
}
