import ClusterAPI
import FlowModel
import NetworkTypes
import PolicyEngine
import PolicyEvidence
import Testing

@Suite("Suggested policies")
struct SuggestionTests {
    private static func suggestion(_ records: [FlowRecord], pods: [Pod] = []) -> PolicySuggestion {
        var scene = Scene.scene
        scene.pods += pods
        return PolicySuggestion(namespace: "shop", from: records, in: scene)
    }

    private static func policy(_ suggestion: PolicySuggestion, _ name: String) -> NetworkPolicySpec? {
        suggestion.policies.first { $0.name == name }?.policy.spec
    }

    @Test(
        "selectors leave out what is a single pod's; peers elsewhere are named with their namespace; ports are servers'"
    )
    func rules() {
        let suggestion = Self.suggestion([
            Scene.flow("shop/web-5d-x", "shop/db-0", 5432), Scene.flow("bank/client", "shop/web-5d-x", 443, at: 1),
            Scene.flow("shop/web-5d-x", "kube-system/dns", 53, ipProtocol: 17, at: 2),
        ])
        #expect(suggestion.policies.map(\.name) == ["suggested-db", "suggested-web"])
        let web = Self.policy(suggestion, "suggested-web")
        #expect(web?.podSelector == LabelSelector(matchLabels: ["app": "web"]))
        #expect(web?.policyTypes == [.ingress, .egress])
        let bank = LabelSelector(matchLabels: ["kubernetes.io/metadata.name": "bank"])
        let client = NetworkPolicyPeer(
            podSelector: LabelSelector(matchLabels: ["app": "client"]), namespaceSelector: bank)
        #expect(web?.ingress == [.init(from: [client], ports: [.init(protocol: "TCP", port: .int(443))])])
        #expect(
            web?.egress == [
                .init(
                    to: [
                        .init(
                            podSelector: LabelSelector(matchLabels: ["k8s-app": "kube-dns"]),
                            namespaceSelector: LabelSelector(matchLabels: ["kubernetes.io/metadata.name": "kube-system"]
                            ))
                    ], ports: [.init(protocol: "UDP", port: .int(53))]),
                .init(
                    to: [.init(podSelector: LabelSelector(matchLabels: ["app": "db"]))],
                    ports: [.init(protocol: "TCP", port: .int(5432))]),
            ])
        let db = Self.policy(suggestion, "suggested-db")
        #expect(db?.egress == [] && db?.ingress?.count == 1)
    }

    @Test("evidence counts a flow once that two nodes saw, and flows that nobody answered")
    func evidence() throws {
        var scan = Scene.flow("shop/web-5d-x", "shop/db-0", 5432, at: 10 * Scene.hour)
        scan.backward = .init()
        let suggestion = Self.suggestion([
            Scene.flow("shop/web-5d-x", "shop/db-0", 5432, at: 7),
            Scene.flow("shop/web-5d-x", "shop/db-0", 5432, at: 9, observer: "n2"), scan,
        ])
        let rule = try #require(suggestion.policies.first { $0.name == "suggested-db" }?.ingress.first)
        #expect(rule.evidence.flows == 2 && rule.evidence.unanswered == 1 && rule.evidence.bytes == 250)
        #expect(rule.evidence.first == 7 && rule.evidence.last == 10 * Scene.hour)
        #expect(rule.evidence.examples == ["shop/web-5d-x to shop/db-0"])
        #expect(suggestion.flows == 2)
    }

    @Test(
        "what was denied by a policy makes no rule, not even where it was allowed once; a forged packet hinders nothing"
    )
    func denied() {
        let allowed = Scene.flow("shop/web-5d-x", "shop/db-0", 5432, at: Scene.hour)
        for drop in [nil, "drop_policy"] {
            let suggestion = Self.suggestion([
                Scene.flow("shop/web-5d-x", "shop/db-0", 5432, .denied, drop: drop), allowed,
            ])
            #expect(suggestion.policies.allSatisfy { $0.ingress.isEmpty && $0.egress.isEmpty })
            #expect(suggestion.withheld.count == 2 && suggestion.withheld.values.allSatisfy { $0 == 1 })
        }
        let forged = Scene.flow("shop/web-5d-x", "shop/db-0", 5432, .denied, drop: "drop_spoof")
        let suggestion = Self.suggestion([forged, allowed])
        #expect(suggestion.withheld.isEmpty && suggestion.policies.contains { !$0.ingress.isEmpty })
        #expect(Self.suggestion([forged]).policies.allSatisfy { $0.ingress.isEmpty && $0.egress.isEmpty })
    }

    @Test("one node's denial counts against the other's report of the same flow")
    func nodesDisagree() {
        let suggestion = Self.suggestion([
            Scene.flow("shop/web-5d-x", "shop/db-0", 5432, at: 5),
            Scene.flow("shop/web-5d-x", "shop/db-0", 5432, .denied, at: 6, observer: "n2", drop: "drop_policy"),
        ])
        #expect(suggestion.flows == 0 && suggestion.policies.allSatisfy { $0.ingress.isEmpty })
    }

    @Test("ICMP and unnamed protocols are counted, not guessed; a pod and its own node need no rule")
    func noRules() {
        var promised = Scene.flow("shop/web-5d-x", "192.168.0.1", 10250)
        promised.destination.kind = .node
        promised.destination.node = "n1"
        let suggestion = Self.suggestion([
            Scene.flow("shop/web-5d-x", "shop/db-0", nil, ipProtocol: 1),
            Scene.flow("shop/web-5d-x", "shop/db-0", nil, ipProtocol: 47), promised,
        ])
        #expect(suggestion.promised == 1 && suggestion.flows == 3)
        #expect(
            suggestion.inexpressible == [
                "NetworkPolicy cannot name ICMP": 1, "policies cannot name IP protocol 47": 1,
            ])
        #expect(suggestion.policies.allSatisfy { $0.ingress.isEmpty && $0.egress.isEmpty })
    }

    @Test("a pod that is gone is one of its workload; a workload that is gone has its policy")
    func past() {
        let suggestion = Self.suggestion(
            [
                Scene.flow("shop/web-old", "shop/db-0", 5432), Scene.flow("shop/cron", "shop/db-0", 5433),
            ].map { record in
                var record = record
                if record.source.pod == "web-old" { record.source.labels = ["app": "web", "pod-template-hash": "4c"] }
                return record
            })
        #expect(suggestion.policies.map(\.name) == ["suggested-db", "suggested-past", "suggested-web"])
        #expect(suggestion.policies.map(\.egress.count) == [0, 1, 1])
        #expect(suggestion.policies[0].ingress.map(\.subject) == ["shop/app=past", "shop/app=web"])
    }

    private static func outside(
        _ hosts: some Sequence<Int>, _ verdict: FlowRecord.Verdict = .allowed, port: UInt16 = 443
    )
        -> [FlowRecord]
    {
        hosts.map { Scene.flow("198.51.100.\($0)", "shop/web-5d-x", port, verdict) }
    }

    private static func blocks(_ records: [FlowRecord]) -> [[String]] {
        suggestion(records).policies.first { $0.name == "suggested-web" }?.ingress.map { rule in
            rule.peers.compactMap { $0.ipBlock?.cidr }
        } ?? []
    }

    @Test("addresses outside are single, until eight of one /24 share a block without anything that was denied")
    func outsideAddresses() {
        #expect(Self.blocks(Self.outside(1...3)) == [["198.51.100.1/32", "198.51.100.2/32", "198.51.100.3/32"]])
        #expect(Self.blocks(Self.outside(1...8)) == [["198.51.100.0/28"]])
        #expect(
            Self.blocks(Self.outside(16...31) + Self.outside([12], .denied)) == [["198.51.100.16/28"]])
        #expect(Self.blocks(Self.outside(1...8) + Self.outside([0], .denied))[0].count == 8)
        // 198.51.100.9 was seen with another port: it gets no second one by standing near.
        #expect(
            Self.blocks(Self.outside(1...8) + Self.outside([9], port: 80))
                == [(1...8).map { "198.51.100.\($0)/32" }, ["198.51.100.9/32"]])
    }

    @Test("a workload with all labels of another and more is told from it by what that lacks")
    func subset() {
        let canary = Scene.pod("shop", "canary", "10.0.0.9", ["app": "web", "track": "canary"])
        let suggestion = Self.suggestion([Scene.flow("shop/web-5d-x", "shop/db-0", 5432)], pods: [canary])
        let selectors = suggestion.policies.map { "\($0.name) \($0.selector)" }
        #expect(
            selectors == [
                "suggested-db app=db", "suggested-web app=web,!track", "suggested-canary track=canary",
            ])
    }
}
