import NetworkTypes

extension Statement {
    /// As nft reads it.
    package var text: String {
        switch self {
        case .match(let field, let operand, let negated): field.text + Self.relation(negated) + operand.text
        case .lookup(let fields, let set, let negated): fields.text + Self.relation(negated) + "@\(set)"
        case .conntrackState(let states, let negated): Self.conntrackText("state", states.names, negated)
        case .conntrackDirection(let direction): "ct direction \(direction.rawValue)"
        case .conntrackTranslated(let destination, let negated):
            Self.conntrackText("status", [destination ? "dnat" : "snat"], negated)
        case .networkProtocol(let family): "meta nfproto " + (family == .v4 ? "ipv4" : "ipv6")
        case .inputGroup(let group, let negated): "meta iifgroup" + Self.relation(negated) + "\(group)"
        case .outputGroup(let group, let negated): "meta oifgroup" + Self.relation(negated) + "\(group)"
        case .arpOperation(let operation): "arp operation \(operation.rawValue)"
        case .icmpType(let types): "icmp type " + Self.braced(types.sorted().map(String.init))
        case .icmpv6Type(let types): "icmpv6 type " + Self.braced(types.sorted().map(String.init))
        case .maskedMark(let value, let mask, let negated):
            "meta mark \(Self.bits(value, mask, negated))"
        case .maskedConntrackMark(let value, let mask, let negated): "ct mark \(Self.bits(value, mask, negated))"
        case .addressType(let side, let types, let negated):
            "fib \(side.rawValue) type" + Self.relation(negated) + Self.braced(types.map(\.rawValue).sorted())
        case .reversePathMissing: "fib saddr . iif oif missing"
        case .limit(let limit): limit.text
        default: effectText
        }
    }

    private var effectText: String {
        switch self {
        case .counter: "counter"
        case .namedCounter(let name): "counter name \"\(name)\""
        case .log(let group, let prefix, let snapLength):
            "log prefix \"\(QuotedText.safe(prefix))\" group \(group)" + (snapLength.map { " snaplen \($0)" } ?? "")
        case .setMark(let mark): "meta mark set 0x\(String(mark, radix: 16))"
        case .setConntrackMark(let mark): "ct mark set 0x\(String(mark, radix: 16))"
        case .numberMark(let below, let offset):
            "meta mark set numgen random mod \(below) offset \(offset)"
        case .mapMark(let fields, let map): "meta mark set \(fields.text) map @\(map)"
        case .saveMark: "ct mark set meta mark"
        case .restoreMark: "meta mark set ct mark"
        case .clampSegmentSize: "tcp flags syn tcp option maxseg size set rt mtu"
        case .notrack: "notrack"
        case .update(let set, let fields, let timeout):
            "update @\(set) { \(fields.text)\(timeout.map { " timeout \($0)s" } ?? "") }"
        case .updateMap(let map, let fields, let value, let timeout):
            "update @\(map) { \(fields.text)\(timeout.map { " timeout \($0)s" } ?? "") : \(value.text) }"
        case .deleteFromMap(let map, let fields, let value): "delete @\(map) { \(fields.text) : \(value.text) }"
        case .masquerade: "masquerade"
        case .sourceNAT(let target): "snat " + target.text
        case .destinationNAT(let target): "dnat " + target.text
        case .reject(let reason): "reject with " + reason.text
        case .verdict(let verdict): verdict.text
        case .verdictMap(let fields, let map): "\(fields.text) vmap @\(map)"
        case .anonymousVerdictMap(let fields, let elements):
            fields.text + " vmap { "
                + elements.sorted { $0.key < $1.key }.map { "\($0.key.text) : \($0.value.text)" }
                .joined(separator: ", ") + " }"
        default: ""
        }
    }

    /// A log prefix as the kernel gets it: at most 127 bytes of printable ASCII.
    package static func logPrefix(_ text: String) -> String { QuotedText.safe(text) }

    private static func bits(_ value: UInt32, _ mask: UInt32, _ negated: Bool) -> String {
        "& 0x\(String(mask, radix: 16)) " + (negated ? "!=" : "==") + " 0x\(String(value, radix: 16))"
    }

    private static func relation(_ negated: Bool) -> String { negated ? " != " : " " }

    /// A bit field: any of the bits, or (negated) none of them.
    private static func conntrackText(_ key: String, _ names: [String], _ negated: Bool) -> String {
        negated ? "ct \(key) & (\(names.joined(separator: " | "))) == 0" : "ct \(key) \(names.joined(separator: ","))"
    }

    private static func braced(_ values: [String]) -> String {
        values.count == 1 ? values[0] : "{ " + values.joined(separator: ", ") + " }"
    }
}

extension Statement.Operand {
    var text: String {
        switch self {
        case .value(let value): value.text
        case .anyOf(let values): "{ " + values.sorted().map(\.text).joined(separator: ", ") + " }"
        case .set(let name): "@\(name)"
        }
    }
}

extension Statement.ConntrackStates {
    /// In the kernel's order.
    var names: [String] {
        let all: [(Self, String)] = [
            (.invalid, "invalid"), (.established, "established"), (.related, "related"), (.new, "new"),
            (.untracked, "untracked"),
        ]
        return all.filter { contains($0.0) }.map(\.1)
    }
}

extension Statement.Limit {
    var text: String {
        "limit rate " + (over ? "over " : "") + "\(rate)/\(unit.rawValue)"
            + (burst > 0 ? " burst \(burst) packets" : "")
    }
}

extension Statement.NATTarget {
    var text: String {
        switch self {
        case .address(let address, let ports):
            return Self.keyword(address.family) + " to " + (ports.map { "\(address.bracketed):\($0)" } ?? "\(address)")
        case .map(let fields, let map, let family):
            return Self.keyword(family) + " to " + fields.text + " map @\(map)"
        }
    }

    private static func keyword(_ family: IPAddress.Family) -> String { family == .v4 ? "ip" : "ip6" }
}

extension Statement.RejectReason {
    var text: String {
        switch self {
        case .reset: "tcp reset"
        case .administrativelyProhibited: "icmpx type admin-prohibited"
        case .portUnreachable: "icmpx type port-unreachable"
        case .hostUnreachable: "icmpx type host-unreachable"
        }
    }
}
