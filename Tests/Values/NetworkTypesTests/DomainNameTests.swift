import NetworkTypes
import Testing

@Suite("Domain names")
struct DomainNameTests {
    @Test(
        "are printed with a dot at the end, and read again",
        arguments: [
            ("example.org", "example.org."), ("Example.ORG.", "Example.ORG."), (".", "."),
            ("_http._tcp.web.shop.svc.cluster.local", "_http._tcp.web.shop.svc.cluster.local."),
            ("a\\.b.c", "a\\.b.c."), ("a\\\\b", "a\\\\b."), ("\\000\\255x", "\\000\\255x."), ("a b", "a\\032b."),
            ("\\065", "A."),
        ])
    func text(text: String, printed: String) throws {
        let name = try #require(DomainName(text))
        #expect(name.description == printed)
        #expect(DomainName(printed)?.octets == name.octets)
    }

    @Test(
        "with empty or too long parts are none",
        arguments: [
            "", "..", "a..b", ".a", String(repeating: "a", count: 64), "\\256", "\\12", "\\",
            Array(repeating: String(repeating: "a", count: 63), count: 4).joined(separator: "."),
        ])
    func refused(text: String) {
        #expect(DomainName(text) == nil)
    }

    @Test("may be 255 bytes with the root, and not longer")
    func longest() throws {
        let label = String(repeating: "a", count: 63)
        let name = try #require(DomainName("\(label).\(label).\(label).\(String(repeating: "b", count: 61))"))
        #expect(name.octets.count == 254)
        #expect(name.prepending("c") == nil)
        #expect(name.parent?.prepending(String(repeating: "c", count: 63))?.octets.count == 254)
    }

    @Test("are the same in any case, and keep theirs")
    func cases() throws {
        let (small, large) = (try #require(DomainName("web.shop")), try #require(DomainName("WEB.Shop")))
        #expect(small == large)
        #expect(Set([small, large]).count == 1)
        #expect(small.octets != large.octets)
        // 0x5B is no letter, though 0x7B is what a careless fold makes of it.
        #expect(DomainName("a[") != DomainName("a{"))
    }

    @Test(
        "are within the domains that their last labels make",
        arguments: [
            ("a.b.c", "b.C", true), ("b.c", "b.c", true), ("ab.c", "b.c", false), ("c", "b.c", false), ("a", ".", true),
            ("x.y", "x", false),
        ])
    func domains(name: String, domain: String, expected: Bool) throws {
        #expect(try #require(DomainName(name)).isWithin(try #require(DomainName(domain))) == expected)
    }

    /// The bytes of the label `\001b\001c` end as the name `b.c` does.
    @Test("a label that looks like a domain is none")
    func disguise() throws {
        #expect(try !#require(DomainName("a\\001b\\001c")).isWithin(try #require(DomainName("b.c"))))
    }

    @Test(
        "ask about addresses in reverse",
        arguments: [
            ("10.1.2.3", "3.2.1.10.in-addr.arpa."),
            ("fd01::a", "a.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.1.0.d.f.ip6.arpa."),
        ])
    func reverse(text: String, expected: String) throws {
        let address = try #require(IPAddress(text))
        #expect(DomainName(reverse: address).description == expected)
        #expect(DomainName(expected.uppercased())?.reverseAddress == address)
    }

    @Test(
        "that ask about networks or nothing ask about no address",
        arguments: [
            "2.1.10.in-addr.arpa", "in-addr.arpa", "arpa", ".", "256.1.1.1.in-addr.arpa", "1.2.3.4.in-addr.example",
            "1.2.3.4.5.in-addr.arpa", "zz.ip6.arpa", "01.2.3.4.in-addr.arpa",
        ])
    func noAddress(text: String) throws {
        #expect(try #require(DomainName(text)).reverseAddress == nil)
    }
}
