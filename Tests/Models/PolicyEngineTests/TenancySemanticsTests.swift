import ClusterAPI
import NetworkTypes
import PolicyEngine
import Testing

/// What the modes of OpenShift SDN and the ids of projects mean: a table of promises.
@Suite struct TenancySemanticsTests {
    struct Example: CustomTestStringConvertible, Sendable {
        let testDescription: String
        var mode: String? = "redhat/openshift-ovs-multitenant"
        var ids: [String: UInt32] = [:]
        var policies: [AnyPolicy] = []
        var allowed: [String] = []
        var denied: [String] = []

        init(
            _ promise: String, mode: String? = "redhat/openshift-ovs-multitenant", _ ids: [String: UInt32] = [:],
            _ policies: [AnyPolicy] = [], allow: [String] = [], deny: [String] = []
        ) {
            testDescription = promise
            self.mode = mode
            self.ids = ids
            self.policies = policies
            allowed = allow
            denied = deny
        }
    }

    private static let apart: [String: UInt32] = ["x": 10, "y": 11, "z": 12]
    private static let closedX = AnyPolicy.network(policy("closed", types: [.ingress, .egress]))

    static let examples = [
        Example(
            "multitenant: a project reaches itself, and no other", apart,
            allow: ["x/a > x/b 80", "y/a > y/c 81 UDP", "z/a > z/b ICMP"],
            deny: ["x/a > y/a 80", "y/a > x/a 80", "z/a > x/a ICMP", "x/b > z/c 53 SCTP"]),
        Example(
            "multitenant: projects with one VNID reach each other", ["x": 10, "y": 10, "z": 12],
            allow: ["x/a > y/a 80", "y/b > x/c 80", "x/a > x/b 80"],
            deny: ["x/a > z/a 80", "z/a > y/a 80"]),
        Example(
            "multitenant: VNID 0 reaches everyone, and everyone reaches it", ["x": 0, "y": 11, "z": 12],
            allow: ["x/a > y/a 80", "z/a > x/b ICMP", "y/a > x/a 80"], deny: ["y/a > z/a 80"]),
        Example(
            "multitenant: nodes and the outside are not concerned", apart,
            allow: ["x/a > 192.168.0.2 80", "192.168.0.3 > x/a 80", "x/a > 8.8.8.8 53 UDP", "8.8.8.8 > x/a 80"]),
        Example(
            "multitenant: an address of the pods' ranges that no known pod has is another project's", apart,
            allow: ["x/a > x/b 80"], deny: ["x/a > 10.0.0.200 80", "10.0.0.200 > x/a 80", "fd00::99 > x/a 80"]),
        Example(
            "multitenant: VNID 0 reaches such an address", ["x": 0, "y": 11, "z": 12],
            allow: ["x/a > 10.0.0.200 80", "10.0.0.200 > x/a 80"]),
        Example(
            "multitenant: a project without a NetNamespace reaches only itself", ["x": 10, "z": 0],
            allow: ["y/a > y/b 80", "x/a > z/a 80", "y/a > 8.8.8.8 80"],
            deny: ["y/a > x/a 80", "x/a > y/a 80", "y/a > z/a 80", "z/a > y/a 80"]),
        Example(
            "multitenant: an id that cannot be is no id", ["x": 1 << 24, "y": 1 << 24, "z": 0],
            allow: ["x/a > x/b 80"], deny: ["x/a > y/a 80", "x/a > z/a 80"]),
        Example(
            "multitenant: NetworkPolicies are not enforced", apart, [closedX],
            allow: ["x/a > x/b 80", "8.8.8.8 > x/a 80"], deny: ["y/a > x/a 80"]),
        Example(
            "multitenant: an Allow of the Admin tier does not join projects", apart,
            [anp("open", 1, everywhere, ingress: [from("Allow", pods())], egress: [to("Allow", pods())])],
            allow: ["x/a > x/b 80"], deny: ["x/a > y/a 80"]),
        Example(
            "multitenant: the Admin and Baseline tiers hold inside of a project", apart,
            [anp("deny", ingress: [from("Deny", pods("x", "b"))]), banp(ingress: [from("Deny", pods("x", "c"))])],
            allow: ["y/b > y/a 80"], deny: ["x/b > x/a 80", "x/c > x/a 80"]),
        Example("the short name means the same", mode: "multitenant", apart, deny: ["x/a > y/a 80"]),
        Example("capitals make no difference", mode: "redhat/openshift-ovs-MultiTenant", apart, deny: ["x/a > y/a 80"]),
        Example(
            "subnet: everyone reaches everyone, whatever the ids are", mode: "redhat/openshift-ovs-subnet",
            ["x": 10, "y": 11], [closedX],
            allow: ["x/a > y/a 80", "y/a > x/a 80", "z/a > x/a 80", "x/a > 10.0.0.200 80"]),
        Example(
            "subnet: the Admin and Baseline tiers hold, also for pods that a NetworkPolicy would isolate",
            mode: "subnet",
            [:], [closedX, anp("deny", ingress: [from("Deny", pods("y"))]), banp(ingress: [from("Deny", pods("z"))])],
            allow: ["x/b > x/a 80", "x/a > y/a 80"], deny: ["y/a > x/a 80", "z/a > x/a 80"]),
        Example(
            "networkpolicy: NetworkPolicies decide, and ids do not", mode: "redhat/openshift-ovs-networkpolicy", apart,
            [closedX], allow: ["y/a > z/a 80", "z/a > y/a 80"], deny: ["x/a > x/b 80", "y/a > x/a 80"]),
        Example(
            "without a name it is networkpolicy", mode: nil, apart, [closedX], allow: ["y/a > z/a 80"],
            deny: ["y/a > x/a 80"]),
        Example(
            "an unknown name closes what any of the modes closes", mode: "OVNKubernetes", ["x": 10, "y": 10, "z": 12],
            [closedX], allow: ["y/a > y/b 80", "y/a > 8.8.8.8 80"],
            deny: ["y/a > x/a 80", "x/a > x/b 80", "y/a > z/a 80", "8.8.8.8 > x/a 80"]),
    ]

    private static func network(_ mode: String?) -> ClusterNetwork {
        ClusterNetwork(
            clusterNetworks: [
                .init(cidr: "10.0.0.0/24", hostSubnetLength: 4), .init(cidr: "fd00::/64", hostSubnetLength: 4),
            ], pluginName: mode)
    }

    @Test("modes and ids mean what OpenShift SDN meant", arguments: examples)
    func meaning(example: Example) {
        var scene = Scene()
        for policy in example.policies { policy.enter(&scene.engine) }
        scene.engine.upsert(Self.network(example.mode))
        for (name, id) in example.ids { scene.engine.upsert(NetNamespace(netname: name, netid: id)) }
        for question in example.allowed {
            let verdict = scene.verdict(question)
            #expect(verdict.allowed, "\(question): \(verdict.rule)")
        }
        for question in example.denied {
            let verdict = scene.verdict(question)
            #expect(!verdict.allowed, "\(question): \(verdict.rule)")
        }
        for policy in example.policies { policy.leave(&scene.engine) }
        for name in example.ids.keys { scene.engine.removeNetNamespace(name) }
        scene.engine.removeClusterNetwork("default")
        for question in example.allowed + example.denied {
            #expect(scene.verdict(question).allowed, "\(question) without a mode")
        }
        #expect(scene.engine.peerSets.isEmpty && scene.engine.diagnostics.isEmpty)
    }

    private func multitenant(_ ids: [String: UInt32]) -> Scene {
        var scene = Scene()
        scene.engine.upsert(Self.network("multitenant"))
        for (name, id) in ids { scene.engine.upsert(NetNamespace(netname: name, netid: id)) }
        return scene
    }

    @Test("a verdict names both projects and their ids, source first; the kernel counts for the network")
    func reasons() {
        let scene = multitenant(["x": 12, "y": 13])
        let verdict = scene.verdict("x/a > y/a 80")
        #expect(verdict.rule == "tenancy: project x (VNID 12) and project y (VNID 13) are separate")
        #expect(verdict.egress.rule.counted.description == "tenancy: VNID 12 is separate from other projects")
        #expect(verdict.ingress.rule.counted.description == "tenancy: VNID 13 is separate from other projects")
        let unknown = scene.verdict("z/a > y/a 80")
        #expect(unknown.rule == "tenancy: project z (no VNID yet) and project y (VNID 13) are separate")
        #expect(
            unknown.egress.rule.counted.description == "tenancy: project z has no VNID yet and is closed to others")
        #expect(
            scene.verdict("10.0.0.200 > x/a 80").rule
                == "tenancy: 10.0.0.200 (of no known pod) and project x (VNID 12) are separate")
    }

    @Test("a project that moves changes elements of sets; pods of other projects keep their policies")
    func moving() throws {
        var scene = multitenant(["x": 10, "y": 11, "z": 12])
        _ = scene.engine.drainChanges()
        scene.engine.upsert(NetNamespace(netname: "x", netid: 11))
        let changes = scene.engine.drainChanges()
        #expect(changes.endpoints.map(\.description).sorted() == ["x/a", "x/b", "x/c"])
        #expect(changes.createdSets.isEmpty)
        #expect(changes.removedSets.map(\.definition) == ["network 10 pods {}"])
        let (set, members) = try #require(changes.memberChanges.first)
        #expect(set.definition == "network 11 pods {}" && changes.memberChanges.count == 1)
        #expect(members.removed.isEmpty && members.added.count == 6)
        #expect(scene.verdict("x/a > y/a 80").allowed)
    }

    @Test("the cost is one part per network and direction, whatever the number of projects")
    func cost() throws {
        let scene = multitenant(["x": 10, "y": 10, "z": 12])
        func part(_ name: String) throws -> TierPart {
            let key = ObjectKey(namespace: name, name: "a")
            return try #require(scene.engine.endpointPolicy(for: key).ingress?[.tenancy])
        }
        #expect(try part("x") == part("y"))
        #expect(try part("x") != part("z"))
        #expect(try part("x").rules.map(\.action) == [.pass, .deny])
        // 10, 12 and 0, all pods, the ranges.
        #expect(scene.engine.peerSets.count == 5)
    }

    @Test("what is not enforced or not understood is reported, with what is done about it")
    func diagnostics() {
        var scene = Scene(policy("p"), policy("q"))
        func texts() -> [String] { scene.engine.diagnostics.map { "\($0); \($0.consequence)" } }
        scene.engine.upsert(Self.network("subnet"))
        #expect(scene.engine.drainChanges().diagnosticsChanged)
        #expect(
            texts() == [
                "ClusterNetwork default: pluginName: mode subnet does not enforce NetworkPolicies; "
                    + "2 NetworkPolicies have no effect"
            ])
        scene.engine.removeNetworkPolicy(ObjectKey(namespace: "x", name: "q"))
        #expect(scene.engine.drainChanges().diagnosticsChanged)
        #expect(texts().first?.hasSuffix("1 NetworkPolicy has no effect") == true)
        scene.engine.upsert(Self.network("bridge"))
        scene.engine.upsert(NetNamespace(netname: "x", netid: 1 << 24))
        scene.engine.upsert(NetNamespace(netname: "y", netid: 10))
        #expect(
            texts() == [
                "ClusterNetwork default: pluginName: 'bridge' is none of "
                    + "\(NetworkMode.pluginNames.joined(separator: ", ")); "
                    + "projects are separate, and NetworkPolicies are enforced",
                "NetNamespace x: netid: netid 16777216 is above 16777215; "
                    + "in multitenant mode the project is closed to all others",
                "NetNamespace z: netid: there is none, so the project has no VNID; "
                    + "in multitenant mode the project is closed to all others",
            ])
    }

    @Test("a host-network pod is its node and in no project")
    func hostNetwork() {
        var scene = multitenant(["x": 10, "y": 11, "z": 12])
        var host = Scene.pod("y", "host", host: 1, node: "n2")
        host.spec?.hostNetwork = true
        host.status = PodStatus(phase: "Running", podIPs: ["192.168.0.2"])
        scene.engine.upsert(host)
        #expect(scene.verdict("y/host > x/a 80").allowed)
        #expect(scene.verdict("x/a > y/host 80").allowed)
    }
}
