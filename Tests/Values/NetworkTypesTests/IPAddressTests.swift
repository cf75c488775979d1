import NetworkTypes
import TestRandom
import Testing

@Suite struct IPAddressTests {
    static let canonical: [(String, String)] = [
        ("0.0.0.0", "0.0.0.0"), ("255.255.255.255", "255.255.255.255"), ("10.1.2.3", "10.1.2.3"), ("::", "::"),
        ("::1", "::1"),
        ("1::", "1::"), ("2001:DB8::A", "2001:db8::a"), ("2001:db8:0:0:1:0:0:1", "2001:db8::1:0:0:1"),
        ("2001:0db8:0000:0000:0000:0000:0000:0001", "2001:db8::1"), ("1:0:2:3:4:5:6:7", "1:0:2:3:4:5:6:7"),
        ("::ffff:10.0.0.1", "::ffff:10.0.0.1"), ("::10.0.0.1", "::a00:1"), ("64:ff9b::1.2.3.4", "64:ff9b::102:304"),
        ("1:2:3:4:5:6:7::", "1:2:3:4:5:6:7:0"), ("fe80::1", "fe80::1"),
    ]

    @Test("texts are read and written in their canonical form", arguments: canonical)
    func canonicalForm(text: String, expected: String) {
        #expect(IPAddress(text)?.description == expected)
        #expect(IPAddress(expected) == IPAddress(text))
    }

    @Test(
        "what is no address is refused",
        arguments: [
            "", ".", "1.2.3", "1.2.3.", "1..3.4", "1.2.3.4.", "1.2.3.4.5", "256.0.0.1", "01.2.3.4", "00.2.3.4",
            "1.2.3.-4", "1.2.3.+4", " 1.2.3.4", "1.2.3.4 ",
            "1.2.3.4/8", ":",
            ":::", "1::2::3", "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9", "1:2:3:4:5:6:7:8::", "12345::", "g::", "::1%eth0",
            "-1::", "+1::",
            "::1.2.3", "1.2.3.4::", "1:2:3:4:5:6:7:1.2.3.4", "::ffff:256.0.0.1", "１.2.3.4",
        ])
    func refused(text: String) {
        #expect(IPAddress(text) == nil)
    }

    @Test("every address survives its text and its bytes", arguments: 0..<4)
    func roundTrip(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        for index in 0..<500 {
            let mask = index % 3 == 0 ? UInt128.max : UInt128.random(in: 0 ... .max, using: &random)
            let bits =
                UInt128.random(in: 0 ... .max, using: &random) & mask & UInt128.random(in: 0 ... .max, using: &random)
            let address = IPAddress(family: index % 2 == 0 ? .v4 : .v6, bits: bits)
            #expect(IPAddress(address.description) == address, "\(address)")
            #expect(IPAddress(bytes: address.bytes) == address, "\(address)")
        }
    }

    @Test("advancing stops at the end of the address space")
    func advancing() {
        #expect(IPAddress("10.0.0.255")?.advanced(by: 1) == IPAddress("10.0.1.0"))
        #expect(IPAddress("255.255.255.255")?.advanced(by: 1) == nil)
        #expect(IPAddress("ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff")?.advanced(by: 1) == nil)
    }

    static let ranges: [(String, Bool, Bool, Bool)] = [
        ("127.9.9.9", true, false, false), ("128.0.0.1", false, false, false), ("169.254.1.1", false, true, false),
        ("224.0.0.1", false, false, true), ("239.255.255.255", false, false, true), ("240.0.0.0", false, false, false),
        ("::1", true, false, false), ("fe80::1", false, true, false), ("febf::1", false, true, false),
        ("fec0::1", false, false, false), ("ff02::1", false, false, true),
    ]

    @Test("loopback, link-local and multicast are told apart", arguments: ranges)
    func kinds(text: String, loopback: Bool, linkLocal: Bool, multicast: Bool) throws {
        let address = try #require(IPAddress(text))
        #expect(address.isLoopback == loopback)
        #expect(address.isLinkLocal == linkLocal)
        #expect(address.isMulticast == multicast)
    }

    @Test("IPv4 sorts before IPv6, then by number")
    func order() {
        let texts = ["::1", "10.0.0.2", "fd00::", "9.255.255.255", "10.0.0.10"]
        let sorted = texts.compactMap { IPAddress($0) }.sorted().map(\.description)
        #expect(sorted == ["9.255.255.255", "10.0.0.2", "10.0.0.10", "::1", "fd00::"])
    }

    @Test("random texts are refused or survive", arguments: 0..<10)
    func fuzz(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let alphabet = Array("0123456789abcdef:./ %x-+")
        for _ in 0..<500 {
            let text = String((0..<random.below(25)).map { _ in random.pick(alphabet) })
            if let address = IPAddress(text) { #expect(IPAddress(address.description) == address, "\(text)") }
            if let network = CIDR(text) { #expect(CIDR(network.description) == network, "\(text)") }
            if let mac = MACAddress(text) { #expect(MACAddress(mac.description) == mac, "\(text)") }
        }
    }
}
