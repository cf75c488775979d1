import NFTables
import NetworkTypes

/// A packet as the rules see it.
struct Packet: Sendable {
    var input: String
    var output: String
    var mac = MACAddress(bits: 0)
    var source: IPAddress
    var destination: IPAddress
    /// The protocol's number.
    var proto: UInt8
    var port: UInt16?
    var state: Statement.ConntrackStates = .new
    var icmpv6: UInt8?
    var mark: UInt32 = 0
    /// What its connection remembers, and whether it answers.
    var connectionMark: UInt32 = 0
    var isReply = false
    /// The number that is drawn where rules draw one, below what they ask for.
    var dice: UInt32 = 0
    /// The source after translation.
    var translation: Translation?

    enum Translation: Equatable { case address(IPAddress), masquerade }
}

/// Runs packets through a typed table, as the kernel would through the rendered one: the statements that the compiler
/// uses, nothing more.
///
/// What it does not know stops the test.
struct RulesetInterpreter {
    let table: Table

    enum Outcome: Equatable {
        case accepted
        /// By the rule with this id.
        case dropped(String)
    }

    struct Unknown: Error { let what: String }

    /// One hook: its base chains of a kind, in their order.
    func run(_ packet: inout Packet, at hook: Chain.Base.Hook, _ kind: Chain.Base.Kind = .filter) throws -> Outcome {
        let chains = table.chains.values.filter { $0.base?.hook == hook && $0.base?.kind == kind }
        for chain in chains.sorted(by: { $0.base?.priority ?? 0 < $1.base?.priority ?? 0 }) {
            switch try walk(chain, &packet, depth: 0) {
            case .final(.accepted): continue
            case .final(let outcome): return outcome
            case .returned: if chain.base?.policy == .drop { return .dropped("policy") }
            }
        }
        return .accepted
    }

    func run(_ packet: Packet, at hook: Chain.Base.Hook) throws -> Outcome {
        var packet = packet
        return try run(&packet, at: hook)
    }

    /// The way of a forwarded packet.
    func forward(_ packet: Packet) throws -> Outcome {
        var packet = packet
        let guarded = try run(&packet, at: .prerouting)
        return guarded == .accepted ? try run(&packet, at: .forward) : guarded
    }

    private enum Step {
        case final(Outcome)
        case returned
    }

    private func walk(_ chain: Chain, _ packet: inout Packet, depth: Int) throws -> Step {
        guard depth < 16 else { throw Unknown(what: "jumps too deep") }
        for rule in chain.rules {
            guard let verdict = try verdict(of: rule, &packet) else { continue }
            switch verdict {
            case .accept: return .final(.accepted)
            case .drop: return .final(.dropped(rule.id))
            case .return: return .returned
            case .continue: continue
            case .jump(let name):
                if case .final(let outcome) = try walk(try self.chain(name), &packet, depth: depth + 1) {
                    return .final(outcome)
                }
            case .goto(let name): return try walk(try self.chain(name), &packet, depth: depth + 1)
            }
        }
        return .returned
    }

    private func chain(_ name: Name) throws -> Chain {
        guard let chain = table.chains[name] else { throw Unknown(what: "chain \(name)") }
        return chain
    }

    /// Nil when a condition fails, or the rule ends without a verdict.
    private func verdict(of rule: Rule, _ packet: inout Packet) throws -> Verdict? {
        for statement in rule.statements {
            switch statement {
            case .match(let field, let operand, let negated):
                guard let value = value(field, packet) else { return nil }
                guard holds(operand, value) != negated else { return nil }
            case .lookup(let fields, let name, let negated):
                guard let key = key(fields, packet) else { return nil }
                guard let set = table.sets[name] else { throw Unknown(what: "set \(name)") }
                guard contains(set, key) != negated else { return nil }
            case .conntrackState(let states, let negated):
                guard !states.isDisjoint(with: packet.state) != negated else { return nil }
            case .icmpv6Type(let types):
                guard let type = packet.icmpv6, types.contains(type) else { return nil }
            case .maskedMark(let value, let mask, let negated):
                guard (packet.mark & mask == value) != negated else { return nil }
            case .maskedConntrackMark(let value, let mask, let negated):
                guard packet.state != .invalid, (packet.connectionMark & mask == value) != negated else { return nil }
            case .conntrackDirection(let direction):
                guard packet.state != .invalid, packet.isReply == (direction == .reply) else { return nil }
            case .networkProtocol(let family):
                guard packet.source.family == family else { return nil }
            case .counter, .namedCounter, .log: continue
            case .setMark(let mark): packet.mark = mark
            case .numberMark(let below, let offset): packet.mark = packet.dice % below + offset
            case .saveMark: packet.connectionMark = packet.mark
            case .restoreMark: packet.mark = packet.connectionMark
            case .mapMark(let fields, let map):
                guard let key = key(fields, packet), case .data(let found)? = table.maps[map]?.elements[key] else {
                    return nil
                }
                packet.mark = UInt32(found.first.low)
            case .sourceNAT(.map(let fields, let map, _)):
                guard let key = key(fields, packet), case .data(let found)? = table.maps[map]?.elements[key] else {
                    return nil
                }
                packet.translation = .address(IPAddress(family: packet.source.family, bits: found.first.low))
                return .accept
            case .sourceNAT(.address(let address, _)):
                packet.translation = .address(address)
                return .accept
            case .masquerade:
                packet.translation = .masquerade
                return .accept
            // As in a flood: nothing may depend on a packet's being logged.
            case .limit: return nil
            case .reject: return .drop
            case .verdict(let verdict): return verdict
            case .verdictMap(let fields, let name):
                guard let map = table.maps[name] else { throw Unknown(what: "map \(name)") }
                guard let key = key(fields, packet) else { return nil }
                guard case .verdict(let verdict)? = map.elements[key] else { return nil }
                return verdict
            case .anonymousVerdictMap(let fields, let elements):
                guard let key = key(fields, packet) else { return nil }
                return elements.first { matches($0.key, key) }?.value
            default: throw Unknown(what: "\(statement)")
            }
        }
        return nil
    }

    /// Nil for a property that the packet does not have, as an address of the other family.
    private func value(_ field: Field, _ packet: Packet) -> ElementValue? {
        switch field {
        case .inputInterface: InterfacePattern(packet.input).map { .interface($0) }
        case .outputInterface: InterfacePattern(packet.output).map { .interface($0) }
        case .sourceAddress(let family): packet.source.family == family ? .address(packet.source) : nil
        case .destinationAddress(let family): packet.destination.family == family ? .address(packet.destination) : nil
        case .etherSource: .mac(packet.mac)
        case .layer4Protocol: .protocolNumber(packet.proto)
        case .destinationPort: .port(packet.port ?? 0)
        case .mark: .mark(packet.mark)
        default: nil
        }
    }

    private func key(_ fields: [Field], _ packet: Packet) -> ElementKey? {
        let values = fields.compactMap { value($0, packet) }
        return values.count == fields.count ? ElementKey(values) : nil
    }

    private func holds(_ operand: Statement.Operand, _ value: ElementValue) -> Bool {
        switch operand {
        case .value(let wanted): wanted.low <= value.low && value.low <= wanted.high
        case .anyOf(let wanted): wanted.contains { $0.low <= value.low && value.low <= $0.high }
        case .set(let name): table.sets[name].map { contains($0, ElementKey(value)) } ?? false
        }
    }

    private func contains(_ set: NamedSet, _ key: ElementKey) -> Bool {
        set.elements.contains(key)
            || set.definition.flags.contains(.interval) && set.elements.contains { matches($0, key) }
    }

    private func matches(_ element: ElementKey, _ key: ElementKey) -> Bool {
        element.values.count == key.values.count
            && zip(element.values, key.values).allSatisfy {
                $0.low <= $1.low && $1.low <= $0.high && $0.type == $1.type
            }
    }
}
