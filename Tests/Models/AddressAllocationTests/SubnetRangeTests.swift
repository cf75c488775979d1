import AddressAllocation
import NetworkTypes
import Testing

func range(_ text: String, _ hostBits: Int) throws -> SubnetRange {
    try SubnetRange(try #require(CIDR(text)), hostBits: hostBits)
}

@Suite struct SubnetRangeTests {
    @Test(
        "subnets come in the order of OpenShift SDN",
        arguments: [
            ("10.1.0.0/16", 8, [0: "10.1.0.0/24", 1: "10.1.1.0/24", 255: "10.1.255.0/24"]),
            (
                "10.1.0.0/16", 6,
                [
                    0: "10.1.0.0/26", 1: "10.1.1.0/26", 255: "10.1.255.0/26", 256: "10.1.0.64/26",
                    1023: "10.1.255.192/26",
                ]
            ),
            ("10.128.0.0/14", 9, [0: "10.128.0.0/23", 1: "10.129.0.0/23", 3: "10.131.0.0/23", 4: "10.128.2.0/23"]),
            ("10.1.0.0/24", 6, [0: "10.1.0.0/26", 1: "10.1.0.64/26", 3: "10.1.0.192/26"]),
            ("10.1.0.0/24", 8, [0: "10.1.0.0/24"]),
            ("fd00:1::/48", 64, [0: "fd00:1::/64", 1: "fd00:1:0:1::/64", 65535: "fd00:1:0:ffff::/64"]),
            ("fd00:1::/48", 68, [0: "fd00:1::/60", 1: "fd00:1:0:100::/60", 256: "fd00:1:0:10::/60"]),
        ] as [(String, Int, [Int: String])])
    func order(cidr: String, hostBits: Int, expected: [Int: String]) throws {
        let range = try range(cidr, hostBits)
        for (number, text) in expected {
            #expect(range.subnet(number: UInt128(number))?.description == text)
            #expect(range.number(of: try #require(CIDR(text))) == UInt128(number))
        }
    }

    @Test("numbering is one to one and stays inside the range", arguments: 2...12)
    func bijection(hostBits: Int) throws {
        let range = try range("172.20.0.0/20", hostBits)
        var seen: Set<CIDR> = []
        for number in 0..<range.count {
            let subnet = try #require(range.subnet(number: number))
            #expect(range.cidr.contains(subnet))
            #expect(range.number(of: subnet) == number)
            #expect(seen.insert(subnet).inserted)
        }
        #expect(range.subnet(number: range.count) == nil)
    }

    @Test("host bits that do not fit are refused", arguments: [1, 17, 33, -3])
    func refused(hostBits: Int) {
        #expect(throws: AllocationError.self) { try range("10.1.0.0/16", hostBits) }
    }
}
