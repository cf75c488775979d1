import ClusterAPI
import DatapathCompiler
import NFTables
import NetworkTypes
import NodeModel
import PolicyEngine
import Testing

@Suite("What the kernel reports of a denied packet")
struct DenialNameTests {
    private static let long = String(repeating: "egress-", count: 35)

    /// Names that say another direction than the rule has, and rules that say none.
    static let rules: [RuleID] = [
        .defaultDeny(.ingress, [ObjectKey(namespace: "egress", name: "egress")]),
        .defaultDeny(.egress, [ObjectKey(namespace: long, name: long)]),
        .clusterPolicy(
            ClusterRuleID(
                kind: .adminNetworkPolicy, policy: "no-egress", tier: .admin, direction: .ingress, index: 2,
                name: "deny-egress \"*\" deny-egress-0123456789abcdef0123456789abcdef")),
        .tenancy(TenancyRuleID(.id(VNID(12) ?? .global))),
        .tenancy(TenancyRuleID(.unknown(project: "egress"))),
        .zone(ZoneRuleID(zone: "data", direction: .egress, subject: .zone("ingress"))),
        .zone(ZoneRuleID(zone: "egress", direction: .ingress, subject: .outside)),
        .notInOneZone(ZoneConflict(namespace: "egress", zones: [])),
    ]

    @Test("names the direction and the rule, whatever names policies have", arguments: rules)
    func exact(_ rule: RuleID) {
        for direction in Direction.allCases {
            let name = DenialName(rule, direction)
            let prefix = Statement.logPrefix("drop_policy \(name.chain) \(rule)")
            #expect(prefix.utf8.count <= 127)
            guard case .denial(let read, let words) = PacketReport(prefix: prefix) else {
                Issue.record("\(prefix) is not understood")
                continue
            }
            #expect(read == name && read.isEgress == (direction == .egress))
            #expect(!words.isEmpty && Statement.logPrefix(rule.description).hasPrefix(words))
            for other in Self.rules where other != rule { #expect(DenialName(other, direction) != read) }
        }
        #expect(DenialName(rule, .egress).chain != DenialName(rule, .ingress).chain)
    }

    @Test("the two ends that a verdict names are the rule that the kernel counts")
    func counted() throws {
        let id = try #require(VNID(12))
        var engine = PolicyEngine()
        engine.upsert(ClusterNetwork(clusterNetworks: [], pluginName: "redhat/openshift-ovs-multitenant"))
        for (index, project) in ["a", "b"].enumerated() {
            engine.upsert(Namespace(metadata: ObjectMeta(name: project)))
            engine.upsert(NetNamespace(netname: project, netid: UInt32(12 + index)))
            engine.upsert(
                Pod(
                    metadata: ObjectMeta(name: "p", namespace: project), spec: PodSpec(nodeName: "n", containers: []),
                    status: PodStatus(phase: "Running", podIPs: ["10.0.0.\(index + 1)"])))
        }
        let ends = ["a", "b"].map { Party.pod(ObjectKey(namespace: $0, name: "p")) }
        let rule = engine.verdict(for: Flow(from: ends[0], to: ends[1], transport: .tcp, port: 80)).egress.rule
        #expect(rule.description == "tenancy: project a (VNID 12) and project b (VNID 13) are separate")
        #expect(DenialName(rule, .egress) == DenialName(.tenancy(TenancyRuleID(.id(id))), .egress))
    }

    @Test(
        "what is no denial is read as what it is",
        arguments: [
            ("new", PacketReport.newConnection), ("drop_spoof", .drop("drop_spoof")), ("", .drop("drop_unnamed")),
            // Of an older agent's rules.
            ("drop_policy default deny egress", .drop("drop_policy")), ("drop_policy", .drop("drop_policy")),
            ("drop_policy deny-egress-0123456789ABCDEF0123456789abcdef x", .drop("drop_policy")),
            ("drop_policy deny-both-0123456789abcdef0123456789abcdef x", .drop("drop_policy")),
            ("drop_policy deny-egress-0123456789abcdef x", .drop("drop_policy")),
        ])
    func others(_ prefix: String, _ report: PacketReport) { #expect(PacketReport(prefix: prefix) == report) }
}
