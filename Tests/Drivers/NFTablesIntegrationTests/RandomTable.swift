import NFTables
import NetworkTypes
import TestRandom

/// Makes valid tables that use everything the language has, under few names, so that two of them collide often.
struct RandomTable {
    private var random: SeededGenerator
    private var table: Table
    /// Chooses the elements, so that tables can differ in these alone.
    private var elementRandom: SeededGenerator
    /// Chains without jumps: the targets, so that no loop can arise.
    private var leaves: [Name] = []

    static func make(seed: UInt64, elements: Int = 0, name: Name = "random_1") -> Table {
        var maker = RandomTable(
            random: SeededGenerator(seed: seed), table: Table(.inet, name),
            elementRandom: SeededGenerator(seed: seed &* 31 &+ UInt64(elements)))
        maker.fill()
        return maker.table
    }

    private mutating func chance(_ percent: Int) -> Bool { Int.random(in: 0..<100, using: &random) < percent }

    private mutating func number(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &random) }

    private mutating func fill() {
        for index in 0..<4 where chance(60) { table.counters.insert("count_\(index)") }
        for index in 0..<number(1...4) {
            let name: Name = "leaf_\(index)"
            leaves.append(name)
            table.chains[name] = Chain(rules: rules(of: name))
        }
        for index in 0..<6 where chance(70) {
            if chance(50) { addSet("object_\(index)") } else { addMap("object_\(index)") }
        }
        for index in 0..<5 where chance(70) {
            let name: Name = "chain_\(index)"
            let base = chance(60) ? self.base() : nil
            table.chains[name] = Chain(base, rules: rules(of: name) + lookups(of: name))
        }
    }

    private mutating func base() -> Chain.Base {
        let hooks: [Chain.Base.Hook] = [.prerouting, .input, .forward, .output, .postrouting]
        return Chain.Base(
            .filter, hooks[number(0...4)], priority: number(-3...3), policy: chance(50) ? .accept : .drop)
    }

    // MARK: Sets and maps

    private static let simpleKeys: [[DataType]] = [
        [.ipv4Address], [.ipv6Address], [.etherAddress], [.inetProtocol], [.inetService], [.interfaceName], [.mark],
        [.inetProtocol, .inetService], [.ipv4Address, .inetProtocol, .inetService],
        [.interfaceName, .etherAddress, .ipv4Address], [.interfaceName, .etherAddress, .ipv6Address],
    ]

    private static let intervalKeys: [[DataType]] = [
        [.ipv4Address], [.ipv6Address], [.inetService], [.interfaceName], [.inetProtocol, .inetService],
        [.ipv4Address, .inetProtocol, .inetService], [.ipv6Address, .inetService],
    ]

    private mutating func definition() -> SetDefinition {
        if chance(50) {
            return SetDefinition(
                key: Self.intervalKeys[number(0...Self.intervalKeys.count - 1)], flags: .interval)
        }
        return SetDefinition(key: Self.simpleKeys[number(0...Self.simpleKeys.count - 1)], size: chance(20) ? 1000 : nil)
    }

    private mutating func addSet(_ name: Name) {
        var set = NamedSet(definition: definition())
        swap(&random, &elementRandom)
        set.elements = Set(keys(set.definition))
        swap(&random, &elementRandom)
        table.sets[name] = set
    }

    private mutating func addMap(_ name: Name) {
        var definition = definition()
        definition.data = chance(70) ? .verdict : .values([.ipv4Address, .inetService])
        var map = NamedMap(definition: definition)
        swap(&random, &elementRandom)
        for key in keys(definition) { map.elements[key] = value(definition) }
        swap(&random, &elementRandom)
        table.maps[name] = map
    }

    private mutating func value(_ definition: SetDefinition) -> NamedMap.Value {
        guard definition.data == .verdict else {
            let address = IPAddress(v4: UInt32(number(1...1_000_000)))
            return .data(ElementKey(.address(address), .port(UInt16(number(1...65535)))))
        }
        return .verdict(verdict())
    }

    private mutating func verdict() -> Verdict {
        let leaf = leaves[number(0...leaves.count - 1)]
        let all: [Verdict] = [.accept, .drop, .return, .continue, .jump(leaf), .goto(leaf)]
        return all[number(0...5)]
    }

    /// Keys that do not overlap: each has its own slot in the first part of the key.
    private mutating func keys(_ definition: SetDefinition) -> [ElementKey] {
        let slots = Set((0..<number(0...30)).map { _ in number(0...120) }).sorted()
        return slots.compactMap { slot in
            let isInterval = definition.flags.contains(.interval)
            let values = definition.key.enumerated().map { index, type in
                value(type, slot: index == 0 ? slot : number(0...120), interval: isInterval)
            }
            return ElementKey(values)
        }
    }

    private mutating func value(_ type: DataType, slot: Int, interval: Bool) -> ElementValue {
        let isRange = interval && chance(60)
        switch type {
        case .ipv4Address: return address(.v4, base: UInt128(0x0A00_0000 + slot << 16), isRange)
        case .ipv6Address: return address(.v6, base: UInt128(0xFD00) << 112 | UInt128(slot) << 64, isRange)
        case .etherAddress: return .mac(MACAddress(bits: 0x0200_0000_0000 + UInt64(slot)))
        case .inetProtocol: return .protocolNumber(UInt8(slot))
        case .inetService:
            let first = UInt16(slot * 500)
            return .ports(
                PortRange(first, through: first + (isRange ? UInt16(number(1...499)) : 0)) ?? PortRange(first))
        case .interfaceName:
            let name = "if\(slot)x"
            return .interface((isRange ? InterfacePattern(prefix: name) : InterfacePattern(name)) ?? "eth0")
        case .mark: return .mark(UInt32(slot) << 8)
        }
    }

    private mutating func address(_ family: IPAddress.Family, base: UInt128, _ isRange: Bool) -> ElementValue {
        let first = IPAddress(family: family, bits: base + UInt128(number(0...200)))
        guard isRange else { return .address(first) }
        if chance(50) {
            let length = family.bitWidth - number(0...16)
            return CIDR(first, prefixLength: length).map { .network($0) } ?? .address(first)
        }
        let last = IPAddress(family: family, bits: first.bits + UInt128(number(1...60000 - 300)))
        return .addresses(first, through: last) ?? .address(first)
    }

    // MARK: Rules

    private mutating func rules(of chain: Name) -> [Rule] {
        (0..<number(0...5)).map { index in
            var statements: [Statement] = []
            for _ in 0..<number(0...2) { statements.append(Self.conditions[number(0...Self.conditions.count - 1)]) }
            let classifies = chance(20)
            if chance(40), !classifies {
                statements.append(Self.protocolConditions[number(0...Self.protocolConditions.count - 1)])
            }
            if chance(30), let counter = table.counters.sorted().first { statements.append(.namedCounter(counter)) }
            statements.append(classifies ? Self.classifier : Self.ends[number(0...Self.ends.count - 1)])
            return Rule(id: "\(chain)/\(index)/\(chance(50) ? "ä\"; drop\n" : "plain")", statements)
        }
    }

    private mutating func lookups(of chain: Name) -> [Rule] {
        var rules: [Rule] = []
        for (name, map) in table.maps.sorted(by: { $0.key < $1.key })
        where map.definition.data == .verdict && chance(60) {
            rules.append(Rule(id: "\(chain) by \(name)", [.verdictMap(Self.fields(map.definition.key), name)]))
        }
        for (name, set) in table.sets.sorted(by: { $0.key < $1.key }) where chance(60) {
            let lookup = Statement.lookup(Self.fields(set.definition.key), name, negated: chance(30))
            rules.append(Rule(id: "\(chain) in \(name)", [lookup, .counter, .verdict(verdict())]))
        }
        return rules
    }

    private static func fields(_ types: [DataType]) -> [Field] {
        types.map { type in
            switch type {
            case .ipv4Address: .sourceAddress(.v4)
            case .ipv6Address: .destinationAddress(.v6)
            case .etherAddress: .etherSource
            case .inetProtocol: .layer4Protocol
            case .inetService: .destinationPort
            case .interfaceName: .inputInterface
            case .mark: .mark
            }
        }
    }
}
