import ClusterAPI
import NetworkTypes
import PolicyEngine
import Testing

/// The form that compilers receive.
@Suite struct ResolvedFormTests {
    @Test("equal policies are one value for all pods, whatever pods they are")
    func sharing() {
        let scene = Scene(policy("p", ingress: [.init(from: [NetworkPolicyPeer(podSelector: pod("b"))])]))
        let one = scene.engine.endpointPolicy(for: ObjectKey(namespace: "x", name: "a"))
        let other = scene.engine.endpointPolicy(for: ObjectKey(namespace: "x", name: "c"))
        #expect(one == other)
        #expect(one.ingress?.rules.count == 1)
        #expect(one.egress == nil)
        guard case .deny(let id)? = one.ingress?[.networkPolicy]?.end else {
            Issue.record("no default deny")
            return
        }
        #expect(id.description == "default deny ingress (NetworkPolicy x/p)")
    }

    @Test("one definition is one set, however and wherever it is spelled")
    func setIdentity() {
        let label = NetworkPolicyPeer(podSelector: pod("b"), namespaceSelector: namespace("y"))
        let expression = NetworkPolicyPeer(
            podSelector: LabelSelector(matchExpressions: [.init(key: "pod", operator: .in, values: ["b"])]),
            namespaceSelector: namespace("y"))
        let scene = Scene(
            policy("p", ingress: [.init(from: [label])]), policy("q", in: "z", ingress: [.init(from: [expression])]))
        #expect(scene.engine.peerSets.count == 1)
    }

    @Test("names that look like selectors do not make two definitions one")
    func setIdentityIsUnambiguous() {
        let plain = LabelSelector(matchLabels: ["a": "b", "c": "d"])
        let tricky = LabelSelector(matchLabels: ["a": "b,c=d"])
        var engine = PolicyEngine()
        engine.upsert(policy("p", pods: plain, ingress: [.init(from: [NetworkPolicyPeer(podSelector: plain)])]))
        engine.upsert(policy("q", pods: plain, ingress: [.init(from: [NetworkPolicyPeer(podSelector: tricky)])]))
        // The second is no valid selector: its rule is left out rather than mistaken.
        #expect(engine.peerSets.map(\.description) == ["pods namespace x pods {a=b,c=d}"])
    }

    @Test("a pod that comes and goes changes members and no id")
    func membersOnly() {
        var scene = Scene(policy("p", ingress: [.init(from: [NetworkPolicyPeer(podSelector: pod("b"))])]))
        _ = scene.engine.drainChanges()
        scene.engine.upsert(Scene.pod("x", "b2", host: 20, node: "n1", labels: ["pod": "b"]))
        let changes = scene.engine.drainChanges()
        #expect(changes.createdSets.isEmpty && changes.removedSets.isEmpty)
        #expect(changes.endpoints == [ObjectKey(namespace: "x", name: "b2")])
        let added = Set(["10.0.0.20", "fd00::20"].compactMap { IPAddress($0) })
        #expect(changes.memberChanges.values.map(\.added) == [.addresses(added)])
    }

    @Test("blocks are disjoint networks without their exceptions")
    func blocks() throws {
        let scene = Scene(
            policy("p", ingress: [.init(from: [block("10.0.0.0/30", except: ["10.0.0.1/32"]), block("10.0.0.2/31")])]))
        let id = try #require(scene.engine.peerSets.first)
        let networks = ["10.0.0.0/32", "10.0.0.2/31"].compactMap { CIDR($0) }
        #expect(scene.engine.members(of: id) == .networks(networks))
    }

    @Test("blocks of one address are a set of addresses, apart from a rule's larger blocks")
    func hosts() {
        let blocks = [block("10.0.0.7/32"), block("fd00::7/128"), block("10.0.0.0/30")]
        let scene = Scene(policy("p", ingress: [.init(from: blocks)]))
        let members = scene.engine.peerSets.compactMap { scene.engine.members(of: $0) }
        let hosts = Set(["10.0.0.7", "fd00::7"].compactMap { IPAddress($0) })
        #expect(members == [.addresses(hosts), .networks(["10.0.0.0/30"].compactMap { CIDR($0) })])
    }

    @Test("pods with other numbers for a named port have another policy")
    func namedPorts() {
        var scene = Scene(policy("p", ingress: [.init(ports: [NetworkPolicyPort(port: .string("web"))])]))
        for (name, number) in [("one", 8080), ("two", 9090)] {
            var pod = Scene.pod("x", name, host: number / 100, node: "n1")
            pod.spec?.containers = [Container(name: "c", ports: [ContainerPort(name: "web", containerPort: number)])]
            scene.engine.upsert(pod)
        }
        let rules = ["one", "two", "a"].map { name in
            scene.engine.endpointPolicy(for: ObjectKey(namespace: "x", name: name)).ingress?.rules.map(\.ports)
        }
        #expect(rules[0] == [.ports([PortMatch(.tcp, PortRange(8080))])])
        #expect(rules[1] == [.ports([PortMatch(.tcp, PortRange(9090))])])
        #expect(rules[2] == [])
    }

    @Test("an egress port by name is a set of addresses with ports")
    func namedEgressPorts() throws {
        let peer = NetworkPolicyPeer(podSelector: pod("b"))
        let rule = NetworkPolicySpec.EgressRule(
            to: [peer], ports: [NetworkPolicyPort(port: .string("serve-80-tcp")), NetworkPolicyPort(port: .int(443))])
        let scene = Scene(policy("p", types: [.egress], egress: [rule]))
        let policy = scene.engine.endpointPolicy(for: ObjectKey(namespace: "x", name: "a")).egress
        #expect(policy?.rules.map(\.ports) == [.ports([PortMatch(.tcp, PortRange(443))]), .ofPeers])
        let id = try #require(scene.engine.peerSets.first { $0.kind == .ports })
        let members = ["10.0.0.2", "fd00::2"].compactMap { IPAddress($0) }
            .map { PeerPort(address: $0, transport: .tcp, port: 80) }
        #expect(scene.engine.members(of: id) == .ports(Set(members)))
    }

    @Test("a default deny names its policies, the first four of many")
    func defaultDenyText() {
        var scene = Scene()
        for index in 0..<6 { scene.engine.upsert(policy("p\(index)")) }
        let expected = "default deny ingress (NetworkPolicy x/p0, x/p1, x/p2, x/p3 and 2 more)"
        #expect(scene.verdict("y/a > x/a 80").rule == expected)
    }

    @Test("an allowed flow names the rules of both directions")
    func allowText() {
        let scene = Scene(policy("p", ingress: [.init(ports: [NetworkPolicyPort(port: .int(1))]), .init()]))
        #expect(scene.verdict("y/a > x/a 80").rule == "no policy selects y/a for egress; NetworkPolicy x/p ingress[1]")
    }
}
