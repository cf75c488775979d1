import ClusterAPI
import NetworkTypes
import PolicyEngine
import Testing

/// A policy that cannot be understood closes what it selects, says so, and opens nothing.
@Suite struct FailClosedTests {
    struct Broken: CustomTestStringConvertible, Sendable {
        let testDescription: String
        let rule: NetworkPolicySpec.IngressRule
        let path: String
    }

    static let rules: [Broken] = [
        Broken(testDescription: "cidr", rule: .init(from: [block("10.0.0.0/40")]), path: "from[0].ipBlock.cidr"),
        Broken(
            testDescription: "except outside cidr", rule: .init(from: [block("0.0.0.0/1", except: ["200.0.0.0/8"])]),
            path: "from[0].ipBlock.except[0]"),
        Broken(testDescription: "empty peer", rule: .init(from: [NetworkPolicyPeer()]), path: "from[0]"),
        Broken(
            testDescription: "block and selector",
            rule: .init(from: [NetworkPolicyPeer(podSelector: LabelSelector(), ipBlock: IPBlock(cidr: "0.0.0.0/0"))]),
            path: "from[0]"),
        Broken(
            testDescription: "operator",
            rule: .init(from: [
                NetworkPolicyPeer(
                    namespaceSelector: LabelSelector(matchExpressions: [.init(key: "k", operator: .unknown("Is"))]))
            ]), path: "from[0].namespaceSelector.matchExpressions[0].operator"),
        Broken(
            testDescription: "port", rule: .init(ports: [NetworkPolicyPort(port: .int(70_000))]), path: "ports[0].port"),
        Broken(
            testDescription: "endPort below port", rule: .init(ports: [NetworkPolicyPort(port: .int(80), endPort: 79)]),
            path: "ports[0].endPort"),
        Broken(
            testDescription: "protocol", rule: .init(ports: [NetworkPolicyPort(protocol: "tcp")]),
            path: "ports[0].protocol"),
    ]

    @Test("a broken rule allows nothing, its neighbours hold, and the diagnostic names the field", arguments: rules)
    func brokenRule(broken: Broken) {
        let sound = NetworkPolicySpec.IngressRule(from: [NetworkPolicyPeer(podSelector: pod("b"))])
        let scene = Scene(policy("p", ingress: [broken.rule, sound]))
        #expect(!scene.verdict("y/a > x/a 80").allowed)
        #expect(scene.verdict("x/b > x/a 80").rule.hasSuffix("NetworkPolicy x/p ingress[1]"))
        #expect(scene.engine.diagnostics.map(\.path) == ["spec.ingress[0].\(broken.path)"])
    }

    @Test("a subject that cannot be understood still isolates all that it may mean, and allows nothing")
    func brokenSubject() {
        var subject = pod("a")
        subject.matchExpressions = [.init(key: "tier", operator: .unknown("Near"), values: ["x"])]
        let scene = Scene(policy("p", pods: subject, ingress: [.init()]))
        #expect(!scene.verdict("y/a > x/a 80").allowed)
        #expect(scene.verdict("y/a > x/b 80").allowed)
        #expect(scene.engine.diagnostics.map(\.path) == ["spec.podSelector.matchExpressions[0].operator"])
    }

    @Test("an unknown policy type isolates both directions")
    func brokenType() {
        let scene = Scene(policy("p", types: [.unknown("Sideways")]))
        #expect(!scene.verdict("y/a > x/a 80").allowed)
        #expect(!scene.verdict("x/a > y/a 80").allowed)
    }

    @Test("a corrected policy leaves no diagnostic, and the drained changes say so")
    func correction() {
        var scene = Scene(policy("p", ingress: [.init(from: [block("nonsense")])]))
        #expect(scene.engine.drainChanges().diagnosticsChanged)
        #expect(!scene.engine.drainChanges().diagnosticsChanged)
        scene.engine.upsert(policy("p", ingress: [.init(from: [block("10.0.0.0/8")])]))
        #expect(scene.engine.drainChanges().diagnosticsChanged)
        #expect(scene.engine.diagnostics.isEmpty)
    }
}
