import NetworkTypes
import TestRandom
import Testing

@Suite struct CIDRTests {
    static let texts: [(String, String?)] = [
        ("10.0.0.0/8", "10.0.0.0/8"), ("10.1.2.3/8", "10.0.0.0/8"), ("0.0.0.0/0", "0.0.0.0/0"),
        ("1.2.3.4/32", "1.2.3.4/32"),
        ("255.255.255.255/1", "128.0.0.0/1"), ("::/0", "::/0"), ("2001:db8::1/32", "2001:db8::/32"),
        ("::1/128", "::1/128"),
        ("10.0.0.0/33", nil), ("10.0.0.0/-1", nil), ("10.0.0.0/+8", nil), ("10.0.0.0/08", nil), ("10.0.0.0", nil),
        ("10.0.0.0/", nil), ("/8", nil), ("10.0.0.0/8/8", nil), ("::/129", nil), ("10.0.0/8", nil),
        ("10.0.0.0/0000", nil),
    ]

    @Test("networks are read with their host bits cleared, or refused", arguments: texts)
    func parse(text: String, expected: String?) {
        #expect(CIDR(text)?.description == expected)
    }

    static let containment: [(String, String, Bool)] = [
        ("10.0.0.0/8", "10.255.255.255", true), ("10.0.0.0/8", "11.0.0.0", false),
        ("0.0.0.0/0", "255.255.255.255", true),
        ("0.0.0.0/0", "::1", false), ("::/0", "1.2.3.4", false), ("1.2.3.4/32", "1.2.3.4", true),
        ("1.2.3.4/32", "1.2.3.5", false),
        ("fd00::/8", "fdff:ffff::1", true), ("fd00::/8", "fe00::", false), ("10.0.0.128/25", "10.0.0.127", false),
    ]

    @Test("a network contains its addresses and no others", arguments: containment)
    func contains(network: String, address: String, expected: Bool) throws {
        let network = try #require(CIDR(network))
        let address = try #require(IPAddress(address))
        #expect(network.contains(address) == expected)
    }

    @Test("what is left after holes is disjoint, sorted, and exactly right", arguments: 0..<200)
    func subtracting(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let base = try #require(CIDR("10.0.0.0/26"))
        let holes = (0..<Int.random(in: 0...4, using: &random)).compactMap { _ in
            CIDR(
                IPAddress(v4: 0x0A00_0000 + UInt32.random(in: 0..<128, using: &random)),
                prefixLength: Int.random(in: 24...32, using: &random))
        }
        let rest = base.subtracting(holes)
        #expect(rest == rest.sorted())
        for host in UInt32(0)..<128 {
            let address = IPAddress(v4: 0x0A00_0000 + host)
            let expected = base.contains(address) && !holes.contains { $0.contains(address) }
            #expect(rest.count { $0.contains(address) } == (expected ? 1 : 0), "\(base) − \(holes): \(address)")
        }
    }

    @Test("a hole in everything leaves a network for each bit")
    func subtractingOneHost() throws {
        let host = try #require(CIDR("2001:db8::1/128"))
        #expect(CIDR.everything(.v6).subtracting([host]).count == 128)
    }

    @Test("halves split a network; a single address has none")
    func halves() {
        #expect(CIDR("10.0.0.0/31")?.halves.map { "\($0) \($1)" } == "10.0.0.0/32 10.0.0.1/32")
        #expect(CIDR("::/0")?.halves.map { "\($0) \($1)" } == "::/1 8000::/1")
        #expect(CIDR("10.0.0.0/32")?.halves == nil)
        #expect(CIDR("10.0.0.0/30")?.lastAddress.description == "10.0.0.3")
    }

    @Test("networks overlap when one contains the other")
    func overlap() throws {
        let wide = try #require(CIDR("10.0.0.0/8"))
        let narrow = try #require(CIDR("10.9.0.0/16"))
        let other = try #require(CIDR("11.0.0.0/16"))
        #expect(wide.overlaps(narrow) && narrow.overlaps(wide) && !narrow.overlaps(other))
    }
}
