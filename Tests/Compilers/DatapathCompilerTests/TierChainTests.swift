import ClusterAPI
import DatapathCompiler
import NFTables
import NetworkTypes
import NodeModel
import Testing

/// The shape of the chains that tiers become.
@Suite struct TierChainTests {
    private static let everyone = LabelSelector()

    private static func pods(_ number: Int) -> ClusterPolicyPeer {
        ClusterPolicyPeer(
            pods: NamespacedPods(
                namespaceSelector: everyone, podSelector: LabelSelector(matchLabels: ["number": "pod-\(number)"])))
    }

    /// Three pods, a NetworkPolicy for the first, an AdminNetworkPolicy with these ingress rules and a baseline.
    private static func model(
        _ rules: [AdminNetworkPolicySpec.Rule], baseline: [AdminNetworkPolicySpec.Rule] = [], networkPolicy: Bool = true
    ) -> NodeModel {
        var model = NodeModel(nodeName: "one")
        model.upsert(Namespace(metadata: ObjectMeta(name: "shop")))
        for number in 0..<3 {
            var pod = Pod(
                metadata: ObjectMeta(name: "pod-\(number)", namespace: "shop", labels: ["number": "pod-\(number)"]))
            pod.spec = PodSpec(nodeName: "one")
            model.upsert(pod)
            let address = IPAddress(v4: 0x0A80_0100 + UInt32(number))
            model.attach(
                PodAttachment(
                    pod: pod.key, containerID: pod.key.name, interface: "gab\(number + 100_000)", addresses: [address],
                    mac: MACAddress(derivedFrom: address)))
        }
        if networkPolicy {
            let spec = NetworkPolicySpec(
                podSelector: LabelSelector(matchLabels: ["number": "pod-0"]), policyTypes: [.ingress])
            model.upsert(NetworkPolicy(metadata: ObjectMeta(name: "closed", namespace: "shop"), spec: spec))
        }
        let subject = ClusterPolicySubject(namespaces: everyone)
        if !rules.isEmpty {
            model.upsert(
                AdminNetworkPolicy(
                    name: "admin", spec: AdminNetworkPolicySpec(priority: 1, subject: subject, ingress: rules)))
        }
        if !baseline.isEmpty {
            model.upsert(
                BaselineAdminNetworkPolicy(spec: AdminNetworkPolicySpec(subject: subject, ingress: baseline)))
        }
        _ = model.settle()
        return model
    }

    private static func rule(
        _ action: String, _ peers: [ClusterPolicyPeer], port: Int? = nil
    ) -> AdminNetworkPolicySpec.Rule {
        .init(action: action, from: peers, ports: port.map { [.init(portNumber: .init(port: $0))] })
    }

    private static func chains(_ model: NodeModel, _ prefix: String) -> [Name: Chain] {
        DatapathCompiler.compile(model.state).table.chains.filter { $0.key.text.hasPrefix(prefix) }
    }

    /// The rules that drop in the name of a policy.
    private static func denials(_ model: NodeModel) -> [String] {
        chains(model, "deny-").values.flatMap(\.rules).filter { $0.statements.contains(.verdict(.drop)) }.map(\.id)
    }

    @Test("pods of different NetworkPolicies share the admin tier's chain; each tier is entered in order")
    func entries() throws {
        let model = Self.model([Self.rule("Deny", [Self.pods(1)])], baseline: [Self.rule("Deny", [Self.pods(2)])])
        #expect(Self.chains(model, "ingress-admin-").count == 1)
        #expect(Self.chains(model, "ingress-baseline-").count == 1)
        let entries = Self.chains(model, "ingress-tiers-").values.map { $0.rules.map(\.id) }.sorted { $0[1] < $1[1] }
        #expect(
            entries == [
                ["ingress: tier Admin", "ingress: tier Baseline", "ingress: no tier decides"],
                ["ingress: tier Admin", "ingress: tier NetworkPolicy"],
            ])
        #expect(Self.denials(model).count == 3)
    }

    @Test("without cluster-wide policies there is no chain of tiers")
    func networkPolicyAlone() {
        #expect(Self.chains(Self.model([]), "ingress-tiers-").isEmpty)
        #expect(Self.chains(Self.model([]), "ingress-").count == 1)
    }

    private static func lookups(_ chain: Chain) -> Int {
        chain.rules.flatMap(\.statements).count { statement in
            if case .lookup([.sourceAddress(.v4)], _, _) = statement { true } else { false }
        }
    }

    @Test(
        "a connection that no rule is about meets a bounded number of lookups, however many rules there are",
        arguments: ["Allow", "Pass", "Deny"], [3, 40, 100])
    func bounded(action: String, count: Int) {
        // Of one action in a row, and after them one of another, so that they are not left out.
        let rules = (0..<count).map { Self.rule(action, [Self.pods($0)]) }
        let last = Self.rule(action == "Deny" ? "Allow" : "Deny", [Self.pods(1000)])
        let model = Self.model(rules + [last], networkPolicy: false)
        let entry = Self.chains(model, "ingress-admin-").filter { !$0.key.text.hasPrefix("ingress-admin-denies-") }
        #expect(entry.count == 1)
        for chain in entry.values { #expect((1...5).contains(Self.lookups(chain))) }
        let named = Self.chains(model, "deny-").count
        #expect(named == (action == "Deny" ? count : 1))
    }

    @Test("a connection walks the rules about its port only")
    func portClasses() {
        let rules = (0..<50).map { number in
            Self.rule(number.isMultiple(of: 2) ? "Deny" : "Allow", [Self.pods(number)], port: 1000 + number)
        }
        let model = Self.model(rules, networkPolicy: false)
        let classes = Self.chains(model, "ingress-admin-ports-")
        #expect(classes.count == 50)
        for chain in classes.values { #expect(Self.lookups(chain) == 1) }
    }

    @Test("rules that are not reached have no chain")
    func unreachable() {
        let all = ClusterPolicyPeer()
        let model = Self.model(
            [Self.rule("Pass", [Self.pods(1)]), Self.rule("Deny", [all]), Self.rule("Deny", [Self.pods(2)])],
            networkPolicy: false)
        #expect(Self.denials(model) == ["AdminNetworkPolicy admin ingress[1]"])
    }
}
