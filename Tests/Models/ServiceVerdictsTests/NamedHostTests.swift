import ClusterAPI
import NetworkTypes
import PolicyEngine
import ServiceVerdicts
import Testing

/// Questions about hosts outside by their name.
@Suite("dns:NAME as a destination")
struct NamedHostTests {
    private static func world(_ rules: EgressFirewallSpec.Rule...) -> ServiceWorld {
        var world = ServiceWorld()
        world.engine.upsert(EgressFirewall(namespace: "shop", spec: EgressFirewallSpec(egress: rules)))
        return world
    }

    private static func name(_ type: String, _ name: String) -> EgressFirewallSpec.Rule {
        .init(type: type, to: .init(dnsName: name))
    }

    private static func range(_ type: String, _ cidr: String) -> EgressFirewallSpec.Rule {
        .init(type: type, to: .init(cidrSelector: cidr))
    }

    private static var guarded: ServiceWorld {
        world(
            name("Allow", "*.example.com"), range("Allow", "198.51.100.0/24"), range("Deny", "192.0.2.0/24"),
            range("Deny", "0.0.0.0/0"), range("Deny", "::/0"))
    }

    @Test(
        "is a host of which the pod was told that it has the name",
        arguments: [
            ("dns:www.example.com", "allow EgressFirewall shop/default egress[0]", true),
            ("dns:WWW.Example.Com.", "allow", true),
            ("dns:a.b.example.com", "deny EgressFirewall shop/default egress[3]", false),
            ("dns:example.org", "deny EgressFirewall shop/default egress[3]", false),
            // An address that another rule is about.
            ("dns:example.org@198.51.100.7", "allow", true),
            ("dns:example.org@192.0.2.7", "deny EgressFirewall shop/default egress[2]", false),
            ("dns:www.example.com@192.0.2.7", "allow", true),
        ] as [(String, String, Bool)])
    func judged(to: String, answer: String, isAllowed: Bool) throws {
        let told = try Self.guarded.told("shop/web", to, 443)
        #expect(told.hasPrefix(isAllowed ? "allow" : answer), "\(told)")
    }

    @Test("its address is one that no narrower range is about, and nobody's")
    func representative() throws {
        let engine = Self.guarded.engine
        #expect(engine.plainAddress(.v4, except: [])?.description == "192.0.3.0")
        #expect(engine.plainAddress(.v4, except: [try #require(CIDR("192.0.0.0/16"))])?.description == "192.1.0.0")
        #expect(engine.plainAddress(.v6, except: [])?.description == "2001:db8::1")
        let full = Self.world(Self.range("Deny", "128.0.0.0/1"))
        #expect(full.engine.plainAddress(.v4, except: []) == nil)
        #expect(try full.told("shop/web", "dns:example.org", 443).hasPrefix("policies name every address by a range"))
    }

    @Test(
        "opens no connections, and is written as a name",
        arguments: ["dns:", "dns:*.example.com", "dns:a..b", "dns:a.b@c"])
    func forms(text: String) throws {
        #expect(Question.End(text) == nil)
        #expect(Question.End("dns:www.example.com@192.0.2.1")?.description == "dns:www.example.com@192.0.2.1")
        #expect(try Self.guarded.told("dns:www.example.com", "shop/web", 80).contains("opens no connections"))
    }

    @Test("nothing is left of what was supposed")
    func untouched() throws {
        let world = Self.guarded
        #expect(try world.told("shop/web", "dns:www.example.com@203.0.113.9", 443).hasPrefix("allow"))
        #expect(try world.told("shop/web", "203.0.113.9", 443).hasPrefix("deny"))
    }
}
