import NetworkTypes
import Testing

@Suite struct SmallTypesTests {
    static let macs: [(String, String?)] = [
        ("0a:58:00:00:00:01", "0a:58:00:00:00:01"), ("FF:ff:FF:ff:FF:ff", "ff:ff:ff:ff:ff:ff"), ("0a:58:0:0:0:1", nil),
        ("0a-58-00-00-00-01", nil), ("0a:58:00:00:00", nil), ("0a:58:00:00:00:01:02", nil), ("0g:00:00:00:00:00", nil),
        ("+a:00:00:00:00:00", nil), ("", nil),
    ]

    @Test("MAC addresses are six pairs of hexadecimal digits", arguments: macs)
    func mac(text: String, expected: String?) {
        #expect(MACAddress(text)?.description == expected)
    }

    @Test("a derived MAC is local, unicast and a function of the address")
    func derivedMAC() throws {
        let v4 = try #require(IPAddress("10.1.2.3"))
        let v6 = try #require(IPAddress("fd00::1"))
        #expect(MACAddress(derivedFrom: v4).description == "0a:58:0a:01:02:03")
        #expect(MACAddress(derivedFrom: v6) == MACAddress(derivedFrom: v6))
        #expect(MACAddress(derivedFrom: v6).bytes.prefix(2) == [0x0A, 0x58])
        #expect(MACAddress(derivedFrom: v4).linkLocalAddress.description == "fe80::858:aff:fe01:203")
    }

    @Test("port ranges are inclusive and never empty")
    func portRange() throws {
        let range = try #require(PortRange(80, through: 90))
        #expect(range.contains(80) && range.contains(90) && !range.contains(79) && !range.contains(91))
        #expect(range.description == "80-90")
        #expect(PortRange(443).description == "443")
        #expect(PortRange(90, through: 80) == nil)
        #expect(PortRange.all.contains(0) && PortRange.all.contains(.max))
        #expect(range.overlaps(PortRange(90)) && !range.overlaps(PortRange(91)))
    }

    static let protocols: [(String, TransportProtocol?)] = [
        ("TCP", .tcp), ("tcp", .tcp), ("Udp", .udp), ("sctp", .sctp), ("icmp", .icmp), ("ICMPv6", .icmp),
        ("icmpv6", .icmp),
        ("", nil), ("igmp", nil), ("6", nil), ("tcp ", nil),
    ]

    @Test("protocols are read in any case", arguments: protocols)
    func transport(text: String, expected: TransportProtocol?) {
        #expect(TransportProtocol(parsing: text) == expected)
    }

    @Test("protocol numbers are IANA's")
    func protocolNumbers() {
        #expect(TransportProtocol.allCases.map { $0.number(.v4) } == [6, 17, 132, 1])
        #expect(TransportProtocol.icmp.number(.v6) == 58)
    }

    @Test("a VNID has 24 bits")
    func vnid() {
        #expect(VNID(0xFF_FFFF) == VNID.last)
        #expect(VNID(0x100_0000) == nil)
    }

    @Test("the stable hash is FNV-1a in sixteen digits")
    func stableHash() {
        // Test vectors of the FNV reference page.
        // FIPS 180-4 examples, and a message of two blocks.
        #expect("abc".stableDigest == "ba7816bf8f01cfea414140de5dae2223")
        #expect("".stableDigest == "e3b0c44298fc1c149afbf4c8996fb924")
        #expect(
            "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq".stableDigest
                == "248d6a61d20638b8e5c026930c3e6039")
        #expect("".stableHash == "cbf29ce484222325")
        #expect("a".stableHash == "af63dc4c8601ec8c")
        #expect("foobar".stableHash == "85944171f73967e8")
    }
}
