import ClusterAPI
import EgressNames
import NetworkTypes
import PolicyAnalysis
import PolicyEngine
import TestRandom
import Testing

/// Hosts outside by their names, in the matrix and in the difference of two clusters.
@Suite struct OutsideNamesTests {
    private static func name(_ type: String, _ name: String, port: Int? = nil) -> EgressFirewallSpec.Rule {
        .init(type: type, to: .init(dnsName: name), ports: port.map { [.init(protocol: "TCP", port: $0)] })
    }

    private static let closed = ["0.0.0.0/0", "::/0"].map {
        EgressFirewallSpec.Rule(type: "Deny", to: .init(cidrSelector: $0))
    }

    /// The scene's pods, of which those of namespace x may reach these names only.
    private static func scene(_ rules: EgressFirewallSpec.Rule...) -> Scene {
        var scene = Scene()
        scene.engine.upsert(EgressFirewall(namespace: "x", spec: EgressFirewallSpec(egress: rules + closed)))
        return scene
    }

    private static func words(_ scene: Scene) -> [String] {
        let names = ClusterParties(scene.engine, nodes: []).members.compactMap(\.name?.words)
        return names.reduce(into: []) { all, next in if !all.contains(next) { all.append(next) } }
    }

    @Test("names are cut where selectors cut them, and said by the patterns that people write")
    func words() {
        #expect(Self.words(Scene()).isEmpty)
        #expect(Self.words(Self.scene(Self.name("Allow", "WWW.example.com"))) == ["dns:www.example.com"])
        #expect(
            Self.words(Self.scene(Self.name("Allow", "*.example.com"), Self.name("Allow", "www.example.com")))
                == ["dns:*.example.com", "dns:www.example.com"])
        #expect(Self.words(Self.scene(Self.name("Allow", "**.example.com"))) == ["dns:**.example.com"])
        // What one star does not reach is apart from what two do.
        #expect(
            Self.words(Self.scene(Self.name("Allow", "*.example.com"), Self.name("Allow", "**.example.com")))
                == ["dns:**.example.com", "dns:*.example.com"])
        // A name that is denied fits nothing: it is an address like others.
        #expect(
            Self.words(Self.scene(Self.name("Deny", "bad.example.com"), Self.name("Allow", "*.example.com")))
                == ["dns:*.example.com"])
    }

    @Test("a name that is no longer allowed is a change, by its pattern, its ports and the rules")
    func disappears() {
        let before = Self.scene(Self.name("Allow", "*.example.com", port: 443), Self.name("Allow", "a.example.org"))
        let after = Self.scene(Self.name("Allow", "a.example.org"))
        let diff = ConnectivityDiff(old: (before.engine, []), new: (after.engine, []))
        // Each family has its own last rule, which denies now.
        #expect(
            diff.changes.map { diff.name(of: $0.groups.to) }
                == ["dns:*.example.com (IPv4)", "dns:*.example.com (IPv6)"])
        for (change, rule) in zip(diff.changes, ["egress[1]", "egress[2]"]) {
            #expect(change.effect == .disappears && change.cause == .policy)
            #expect(diff.name(of: change.groups.from) == "x/*" && change.ports.description == "TCP 443")
            #expect(change.after.contains("EgressFirewall x/default \(rule)"), "\(change.after)")
        }
        let back = ConnectivityDiff(old: (after.engine, []), new: (before.engine, []))
        #expect(back.changes.map(\.effect) == [.appears, .appears])
        #expect(ConnectivityDiff(old: (before.engine, []), new: (before.engine, [])).changes.isEmpty)
    }

    @Test("the clusters may name different ranges: a name's host is in none of either")
    func ranges() {
        let name = Self.name("Allow", "www.example.com")
        func range(_ text: String) -> EgressFirewallSpec.Rule { .init(type: "Allow", to: .init(cidrSelector: text)) }
        let before = Self.scene(range("192.0.2.0/25"), range("192.0.3.0/24"), name)
        let after = Self.scene(range("192.0.2.128/25"), range("192.0.4.0/22"))
        let diff = ConnectivityDiff(old: (before.engine, []), new: (after.engine, []))
        let changes = diff.changes.filter { diff.name(of: $0.groups.to).contains("dns:www.example.com") }
        #expect(!changes.isEmpty && changes.allSatisfy { $0.effect == .disappears })
        let hosts = diff.groups.flatMap(\.members).filter { $0.name != nil }.map { "\($0.party)" }
        #expect(hosts.contains("192.0.8.0"), "\(hosts)")
    }

    @Test("an exception that is added closes one name and no other")
    func exception() {
        let before = Self.scene(Self.name("Allow", "*.example.com"))
        let after = Self.scene(Self.name("Deny", "bad.example.com"), Self.name("Allow", "*.example.com"))
        let diff = ConnectivityDiff(old: (before.engine, []), new: (after.engine, []))
        #expect(
            diff.changes.map { diff.name(of: $0.groups.to) }
                == ["dns:bad.example.com (IPv4)", "dns:bad.example.com (IPv6)"])
        #expect(diff.changes.allSatisfy { $0.effect == .disappears && $0.after.contains("EgressFirewall x/default") })
    }

    @Test("where every address is a range's, and nothing is left for names, the rest is told all the same")
    func nothingPlain() {
        var scene = Self.scene(Self.name("Allow", "*.example.com"))
        scene.engine.upsert(
            EgressFirewall(
                namespace: "y",
                spec: EgressFirewallSpec(
                    egress: ["128.0.0.0/1", "::/1", "8000::/1"].map {
                        .init(type: "Deny", to: .init(cidrSelector: $0))
                    })))
        #expect(Self.words(scene).isEmpty)
        #expect(!ConnectivityMatrix(ClusterParties(scene.engine, nodes: [])).classes.isEmpty)
    }

    private static let questions = [
        "www.example.com", "api.example.com", "q.example.com", "a.b.example.com", "q.b.example.com",
        "q.q.example.com", "q.a.b.example.com", "q.q.b.example.com", "example.com", "b.example.com",
        "www.example.org", "q.example.org", "q.www.example.org", "example.org", "q.net",
    ].compactMap { DomainName($0) }

    @Test("every name is in one of the classes: its verdicts are those of the host that stands for it")
    func complete() throws {
        var asked = 0
        for seed in UInt64(0)..<60 {
            let world = RandomWorld(seed: seed)
            let parties = world.parties
            let selectors = Set(world.engine.nameSelectors.values)
            guard let spare = world.engine.plainAddress(.v4, except: []) else { continue }
            for question in Self.questions {
                let fitting = selectors.filter { $0.matches(question) }
                let member = parties.members.first { member in
                    guard let name = member.name, case .address(let address) = member.party else { return false }
                    return address.family == .v4 && selectors.filter { $0.matches(name.example) } == fitting
                }
                guard let member else {
                    let isKnown = parties.members.contains { $0.name != nil && "\($0.party)".contains(".") }
                    #expect(fitting.isEmpty || !isKnown, "seed \(seed): \(question) is in no class")
                    continue
                }
                var engine = world.engine
                engine.suppose(question, has: spare)
                for pod in world.pods.map(\.key) {
                    for (transport, port) in [(.tcp, 443), (.udp, 53), (.icmp, nil)] as [(TransportProtocol, UInt16?)] {
                        let flow = Flow(from: .pod(pod), to: .address(spare), transport: transport, port: port)
                        var same = flow
                        same.to = member.party
                        asked += 1
                        let (expected, told) = (engine.verdict(for: flow), parties.engine.verdict(for: same))
                        #expect(
                            expected.allowed == told.allowed,
                            "seed \(seed): \(pod) to \(question), in \(member.name?.words ?? ""): \(expected.rule)")
                    }
                }
            }
        }
        #expect(asked > 1_000, "\(asked)")
    }
}
