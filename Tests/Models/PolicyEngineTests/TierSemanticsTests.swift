import ClusterAPI
import PolicyEngine
import Testing

/// What AdminNetworkPolicy, BaselineAdminNetworkPolicy and ClusterNetworkPolicy mean: a table of promises.
@Suite struct TierSemanticsTests {
    @Test("tiers, priorities and actions mean what the API says", arguments: TierCases.order)
    func order(example: TierCase) { check(example) }

    @Test("subjects mean what the API says", arguments: TierCases.subjects)
    func subject(example: TierCase) { check(example) }

    @Test("peers mean what the API says", arguments: TierCases.peers)
    func peer(example: TierCase) { check(example) }

    @Test("ports mean what the API says", arguments: TierCases.ports)
    func port(example: TierCase) { check(example) }

    func check(_ example: TierCase) {
        var scene = Scene()
        // A second node with an outside address and a label.
        var node = Scene.node("n2", "192.168.0.2")
        node.metadata.labels = ["zone": "b"]
        node.status?.addresses?.append(NodeAddress(type: "ExternalIP", address: "203.0.113.2"))
        scene.engine.upsert(node)
        for policy in example.policies { policy.enter(&scene.engine) }
        for question in example.allowed {
            let verdict = scene.verdict(question)
            #expect(verdict.allowed, "\(question): \(verdict.rule)")
        }
        for question in example.denied {
            let verdict = scene.verdict(question)
            #expect(!verdict.allowed, "\(question): \(verdict.rule)")
        }
        for policy in example.policies { policy.leave(&scene.engine) }
        for question in example.allowed + example.denied {
            #expect(scene.verdict(question).allowed, "\(question) without policies")
        }
        #expect(scene.engine.peerSets.isEmpty && scene.engine.diagnostics.isEmpty)
    }

    @Test("a verdict names the rule that decides, with its tier and its name")
    func reasons() {
        let named = AdminRule(name: "no strangers", action: "Deny", from: [pods("z")])
        var scene = Scene(policy("p", pods: pod("a"), ingress: [.init()]))
        anp("guard", ingress: [from("Allow", pods("y", "b")), from("Pass", pods("y")), named]).enter(&scene.engine)
        cnp("base", "Baseline", egress: [acceptTo("Deny", networks("8.8.8.8/32"))]).enter(&scene.engine)
        cnp("top", "Admin", egress: [acceptTo("Accept", networks("9.9.9.9/32"))]).enter(&scene.engine)
        let y = "no policy selects y/b for egress; "
        let expected = [
            "y/b > x/a 80": y + "AdminNetworkPolicy guard ingress[0]",
            "z/b > x/a 80": "AdminNetworkPolicy guard ingress[2] (no strangers)",
            "y/a > x/a 80": "no policy selects y/a for egress; NetworkPolicy x/p ingress[0]",
            "y/a > x/b 80": "no policy selects y/a for egress; no tier decides about ingress of x/b: allowed",
            "x/a > 8.8.8.8 80": "ClusterNetworkPolicy base (Baseline) egress[0]",
            "x/a > 9.9.9.9 80": "ClusterNetworkPolicy top (Admin) egress[0]; "
                + "policies do not select 9.9.9.9, which is outside the cluster",
        ]
        for (question, rule) in expected { #expect(scene.verdict(question).rule == rule) }
    }

    @Test("a host-network pod is no subject and no peer")
    func hostNetwork() {
        var scene = Scene()
        anp("a", 1, everywhere, ingress: [from("Deny", pods())], egress: [to("Deny", pods())]).enter(&scene.engine)
        var host = Scene.pod("x", "host", host: 1, node: "n2")
        host.spec?.hostNetwork = true
        host.status = PodStatus(phase: "Running", podIPs: ["192.168.0.2"])
        scene.engine.upsert(host)
        #expect(scene.verdict("x/host > y/a 80").allowed)
        #expect(scene.verdict("x/host > x/a 80").allowed)
        #expect(!scene.verdict("y/a > x/a 80").allowed)
        #expect(scene.engine.endpointPolicy(for: host.key) == .open)
    }

    @Test("policies of one tier and priority are reported, each naming the other, until one moves")
    func ties() {
        var scene = Scene()
        anp("one", 7).enter(&scene.engine)
        cnp("two", "Admin", 7).enter(&scene.engine)
        cnp("three", "Baseline", 7).enter(&scene.engine)
        banp().enter(&scene.engine)
        #expect(scene.engine.drainChanges().diagnosticsChanged)
        let texts = scene.engine.diagnostics.map(\.description)
        #expect(
            texts == [
                "AdminNetworkPolicy one: spec.priority: ClusterNetworkPolicy two of tier Admin has priority 7 too",
                "ClusterNetworkPolicy two: spec.priority: AdminNetworkPolicy one of tier Admin has priority 7 too",
            ])
        cnp("two", "Admin", 8).enter(&scene.engine)
        #expect(scene.engine.drainChanges().diagnosticsChanged)
        #expect(scene.engine.diagnostics.isEmpty)
    }

    @Test("pods of one subject share a tier's part, whatever their NetworkPolicies are")
    func sharing() throws {
        var scene = Scene(policy("p", pods: pod("a")))
        anp("a", ingress: [from("Deny", pods("z"))]).enter(&scene.engine)
        banp(ingress: [from("Deny", pods("y"))]).enter(&scene.engine)
        let one = try #require(scene.engine.endpointPolicy(for: ObjectKey(namespace: "x", name: "a")).ingress)
        let other = try #require(scene.engine.endpointPolicy(for: ObjectKey(namespace: "x", name: "b")).ingress)
        #expect(one.parts.map(\.tier) == [.admin, .networkPolicy])
        #expect(other.parts.map(\.tier) == [.admin, .baseline])
        #expect(one[.admin] == other[.admin])
        #expect(one.policies.map(\.description) == ["AdminNetworkPolicy a", "NetworkPolicy x/p"])
    }
}
