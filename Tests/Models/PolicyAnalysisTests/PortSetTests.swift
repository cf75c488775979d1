import NetworkTypes
import PolicyAnalysis
import TestRandom
import Testing

@Suite struct PortSetTests {
    private static func tcp(_ first: UInt16, _ last: UInt16) -> PortSet {
        PortRange(first, through: last).map { PortSet(.tcp, $0) } ?? .none
    }

    @Test("union, difference and intersection agree with membership, port by port")
    func algebra() {
        var random = SeededGenerator(seed: 7)
        for _ in 0..<200 {
            let (one, other) = (Self.random(&random), Self.random(&random))
            for transport in TransportProtocol.allCases {
                for port in 1...24 {
                    let number: UInt16? = transport == .icmp ? nil : UInt16(port)
                    let (inOne, inOther) = (one.contains(transport, number), other.contains(transport, number))
                    #expect(one.union(other).contains(transport, number) == (inOne || inOther))
                    #expect(one.subtracting(other).contains(transport, number) == (inOne && !inOther))
                    #expect(one.intersection(other).contains(transport, number) == (inOne && inOther))
                }
            }
            #expect(one.union(other).subtracting(other).union(other) == one.union(other))
        }
    }

    private static func random(_ random: inout SeededGenerator) -> PortSet {
        (0..<random.below(5)).reduce(PortSet.none) { set, _ in
            let first = UInt16(random.below(20) + 1)
            let range = PortRange(first, through: first + UInt16(random.below(5))) ?? .all
            return set.union(PortSet(random.pick(TransportProtocol.allCases), range))
        }
    }

    @Test(
        "a set is written as briefly as can be",
        arguments: [
            (PortSet.all, "all ports"), (.none, "nothing"), (tcp(80, 80), "TCP 80"),
            (tcp(80, 81).union(tcp(443, 443)), "TCP 80-81,443"), (tcp(1, .max), "TCP"), (tcp(0, .max), "TCP"),
            (PortSet(.udp, PortRange(53)).union(tcp(80, 80)).union(.icmp), "TCP 80; UDP 53; ICMP"),
            (PortSet.all.subtracting(tcp(25, 25)), "all but TCP 25"),
        ])
    func text(set: PortSet, expected: String) { #expect(set.description == expected) }
}
