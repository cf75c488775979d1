package import NetworkTypes

/// One step of a rule: a condition that must hold, an effect, or a verdict.
package enum Statement: Hashable, Sendable {
    // Conditions
    case match(Field, Operand, negated: Bool = false)
    /// The concatenation of the fields is (not) in the named set.
    case lookup([Field], Name, negated: Bool = false)
    case conntrackState(ConntrackStates, negated: Bool = false)
    case conntrackDirection(ConntrackDirection)
    /// The connection's destination (or source) has been translated.
    case conntrackTranslated(destination: Bool, negated: Bool = false)
    /// `meta nfproto`.
    case networkProtocol(IPAddress.Family)
    case inputGroup(UInt32, negated: Bool = false)
    case outputGroup(UInt32, negated: Bool = false)
    case arpOperation(ARPOperation)
    case icmpType([UInt8])
    case icmpv6Type([UInt8])
    /// `meta mark & mask == value`.
    case maskedMark(UInt32, mask: UInt32, negated: Bool = false)
    /// `ct mark & mask == value`; never holds where there is no connection.
    case maskedConntrackMark(UInt32, mask: UInt32, negated: Bool = false)
    /// What the routing table says of an address: `fib daddr type local`.
    case addressType(AddressSide, [AddressType], negated: Bool = false)
    /// No route back to the source over the interface that the packet came from.
    case reversePathMissing
    case limit(Limit)

    // Effects
    /// An anonymous counter, zero again whenever the chain is rewritten.
    case counter
    /// A counter of the table, which keeps its value.
    case namedCounter(Name)
    /// To the nflog group. `prefix` may be any text; it is rendered safely and cut at 127 bytes.
    case log(group: UInt16, prefix: String, snapLength: UInt32? = nil)
    case setMark(UInt32)
    case setConntrackMark(UInt32)
    /// A number at random from 0 up to below `below`, and `offset`, as the packet's mark.
    case numberMark(below: UInt32, offset: UInt32)
    /// The mark that a map leads to from the fields' concatenation; without a hit the rule's end is not reached.
    case mapMark([Field], Name)
    /// `ct mark set meta mark`.
    case saveMark
    /// `meta mark set ct mark`.
    case restoreMark
    /// The maximum segment size of TCP SYNs follows the route's MTU.
    case clampSegmentSize
    case notrack
    /// Adds the fields' concatenation to a set with the flag `dynamic`.
    case update(Name, [Field], timeout: UInt64? = nil)
    /// Adds the fields' concatenation to a map with the flag `dynamic`; if it is there, only its lifetime begins again.
    case updateMap(Name, [Field], Field, timeout: UInt64? = nil)
    /// Deletes the fields' concatenation from such a map; the last field is for nft's grammar, and its type the map's.
    case deleteFromMap(Name, [Field], Field)

    // Ends
    case masquerade
    case sourceNAT(NATTarget)
    case destinationNAT(NATTarget)
    case reject(RejectReason = .administrativelyProhibited)
    case verdict(Verdict)
    /// The fields' concatenation is looked up in a named verdict map; without a hit the rule's end is not reached.
    case verdictMap([Field], Name)
    /// As `verdictMap`, in a map that the rule itself contains.
    case anonymousVerdictMap([Field], [ElementKey: Verdict])
}

extension Statement {
    /// What a field is compared with.
    package enum Operand: Hashable, Sendable {
        case value(ElementValue)
        /// An anonymous set.
        case anyOf(Set<ElementValue>)
        case set(Name)
    }

    package struct ConntrackStates: OptionSet, Hashable, Sendable {
        package let rawValue: UInt8
        package init(rawValue: UInt8) { self.rawValue = rawValue }

        package static let invalid = ConntrackStates(rawValue: 1)
        package static let established = ConntrackStates(rawValue: 2)
        package static let related = ConntrackStates(rawValue: 4)
        package static let new = ConntrackStates(rawValue: 8)
        package static let untracked = ConntrackStates(rawValue: 64)
    }

    package enum ConntrackDirection: String, Hashable, Sendable { case original, reply }

    package enum ARPOperation: String, Hashable, Sendable { case request, reply }

    package enum AddressSide: String, Hashable, Sendable {
        case source = "saddr"
        case destination = "daddr"
    }

    package enum AddressType: String, Hashable, Sendable, CaseIterable {
        case local, unicast, broadcast, multicast, anycast, blackhole, unreachable, prohibit
    }

    package struct Limit: Hashable, Sendable {
        package enum Unit: String, Hashable, Sendable { case second, minute, hour, day }

        package var rate: UInt64
        package var unit: Unit
        /// Packets above the rate that pass at once; 0 leaves nft's default of 5.
        package var burst: UInt32
        /// True holds for packets above the rate, false for those within it.
        package var over: Bool

        package init(_ rate: UInt64, per unit: Unit, burst: UInt32 = 0, over: Bool = false) {
            self.rate = rate
            self.unit = unit
            self.burst = burst
            self.over = over
        }
    }

    package enum NATTarget: Hashable, Sendable {
        case address(IPAddress, ports: PortRange? = nil)
        /// The concatenation of the fields is looked up in a map to addresses, or to addresses and ports.
        case map([Field], Name, IPAddress.Family)
    }

    package enum RejectReason: Hashable, Sendable {
        /// TCP only.
        case reset
        /// ICMP or ICMPv6, by the packet's family.
        case administrativelyProhibited
        case portUnreachable
        case hostUnreachable
    }
}
