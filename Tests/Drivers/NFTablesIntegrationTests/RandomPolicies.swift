import NFTables
import NetworkTypes
import TestRandom

/// Makes tables as policies make them: base chains that never change, and chains, sets and maps that come and go.
struct RandomPolicies {
    private var random: SeededGenerator
    private var table = Table(
        .inet, "random_1",
        chains: [
            "forward_1": Chain(
                Chain.Base(.filter, .forward, priority: 0),
                rules: [
                    Rule(id: "by source", .verdictMap([.sourceAddress(.v4)], "egress4")),
                    Rule(id: "by source", .verdictMap([.sourceAddress(.v6)], "egress6")),
                ])
        ],
        maps: ["egress4": NamedMap(.ipv4Address), "egress6": NamedMap(.ipv6Address)], counters: ["denied_1"])

    static func make(seed: UInt64) -> Table {
        var maker = RandomPolicies(random: SeededGenerator(seed: seed))
        maker.fill()
        return maker.table
    }

    private mutating func number(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &random) }

    private mutating func fill() {
        for index in 0..<5 where number(0...2) > 0 { addSets("peers_\(index)", kind: index % 3) }
        table.chains["deny_1"] = Chain(rules: denial)
        for index in 0..<8 where number(0...2) > 0 {
            let leaf = Name("ports_\(index)")
            table.chains[leaf] = Chain(rules: rules(2, .accept))
            var rules = rules(3, .goto("deny_1"))
            rules.append(Rule(id: "by port", .anonymousVerdictMap([.layer4Protocol, .destinationPort], ports(leaf))))
            rules.append(Rule(id: "else", .namedCounter("denied_1"), .verdict(.goto("deny_1"))))
            table.chains[Name("pod_\(index)")] = Chain(rules: rules)
            let address = UInt128(number(0...1000))
            let verdict = NamedMap.Value.verdict(.goto(Name("pod_\(index)")))
            table.maps["egress4"]?.elements[ElementKey(.address(IPAddress(family: .v4, bits: address)))] = verdict
            table.maps["egress6"]?.elements[ElementKey(.address(IPAddress(family: .v6, bits: address)))] = verdict
        }
    }

    /// A log rule of any form before the drop.
    private var denial: [Rule] {
        mutating get {
            let units: [Statement.Limit.Unit] = [.second, .minute, .hour, .day]
            let limit = Statement.Limit(
                UInt64(number(1...9000)), per: units[number(0...3)], burst: UInt32(number(0...2) * 25),
                over: number(0...1) == 0)
            let prefix = number(0...1) == 0 ? "default deny \"a\" (shop/x)" : String(repeating: "long ", count: 60)
            return [
                Rule(
                    id: "log", .limit(limit),
                    .log(
                        group: UInt16(number(0...65535)), prefix: prefix,
                        snapLength: number(0...1) == 0 ? nil : UInt32(number(1...512)))),
                Rule(id: "deny", .counter, .verdict(.drop)),
            ]
        }
    }

    private static func definition(_ kind: Int, _ family: IPAddress.Family) -> SetDefinition {
        let address = DataType.address(family)
        return switch kind {
        case 0: SetDefinition(key: [address])
        case 1: SetDefinition(key: [address], flags: .interval)
        default: SetDefinition(key: [address, .inetProtocol, .inetService])
        }
    }

    private mutating func addSets(_ name: String, kind: Int) {
        for family in IPAddress.Family.allCases {
            var set = NamedSet(definition: Self.definition(kind, family))
            for slot in 0..<number(0...20) {
                let address = IPAddress(family: family, bits: UInt128(slot * 65536 + number(0...255)))
                let network = CIDR(address, prefixLength: family.bitWidth - number(0...8)) ?? CIDR(host: address)
                switch kind {
                case 0: set.elements.insert(ElementKey(.address(address)))
                case 1: set.elements.insert(ElementKey(.network(network)))
                default:
                    set.elements.insert(
                        ElementKey(.address(address), .transport(.tcp), .port(UInt16(number(1...9)))))
                }
            }
            table.sets["\(name)-\(family.rawValue)"] = set
        }
    }

    private mutating func rules(_ count: Int, _ verdict: Verdict) -> [Rule] {
        let names = table.sets.keys.sorted()
        guard !names.isEmpty else { return [] }
        return (0..<number(0...count)).map { index in
            let name = names[number(0...names.count - 1)]
            let types = table.sets[name]?.definition.key ?? []
            let family: IPAddress.Family = types.first == .ipv4Address ? .v4 : .v6
            let address: Field = number(0...1) == 0 ? .sourceAddress(family) : .destinationAddress(family)
            let fields = types.count > 1 ? [address, .layer4Protocol, .destinationPort] : [address]
            let lookup = Statement.lookup(fields, name, negated: number(0...3) == 0)
            return Rule(id: "shop/rule \(index)", lookup, .verdict(verdict))
        }
    }

    private mutating func ports(_ target: Name) -> [ElementKey: Verdict] {
        var verdicts: [ElementKey: Verdict] = [:]
        let hasRanges = number(0...1) == 0
        for transport in [TransportProtocol.tcp, .udp, .sctp] where number(0...2) > 0 || transport == .tcp {
            for slot in 0...number(0...4) {
                let first = UInt16(slot * 1000 + 1)
                let range = PortRange(first, through: first + (hasRanges ? UInt16(number(0...900)) : 0))
                let verdict: Verdict = number(0...2) == 0 ? .accept : .goto(target)
                verdicts[ElementKey(.transport(transport), .ports(range ?? PortRange(first)))] = verdict
            }
        }
        return verdicts
    }
}
