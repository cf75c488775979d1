import ClusterAPI
import DatapathCompiler
import Lab
import NFTables
import NFTablesDriver
import NetworkTypes
import PolicyEngine
import ServiceVerdicts
import Testing

@testable import CommandLineTool

/// What `gabion trace` holds against what explanation says: the rule in the kernel's form, and the direction.
@Suite struct TraceComparisonTests {
    private static func zone(_ name: String, _ order: Int, of namespace: String) -> Zone {
        Zone(
            name: name,
            spec: ZoneSpec(
                order: order,
                namespaceSelector: LabelSelector(matchLabels: ["kubernetes.io/metadata.name": namespace])))
    }

    /// A pod in each of three namespaces.
    private static func snapshot(zones: [Zone] = [], ids: [String: UInt32]? = nil) -> ClusterSnapshot {
        let names = ["a", "b", "c"]
        var snapshot = ClusterSnapshot(
            pods: names.enumerated().map { index, name in
                Pod(
                    metadata: ObjectMeta(name: "p", namespace: name), spec: PodSpec(nodeName: "one", containers: []),
                    status: PodStatus(phase: "Running", podIPs: ["10.128.0.\(index + 1)"]))
            }, namespaces: names.map { Namespace(metadata: ObjectMeta(name: $0)) })
        snapshot.zones = zones
        guard let ids else { return snapshot }
        snapshot.networks = [
            ClusterNetwork(
                clusterNetworks: [.init(cidr: "10.128.0.0/14", hostSubnetLength: 9)],
                pluginName: "redhat/openshift-ovs-multitenant")
        ]
        snapshot.netNamespaces = ids.map { NetNamespace(netname: $0.key, netid: $0.value) }
        return snapshot
    }

    struct Case: CustomTestStringConvertible, Sendable {
        let testDescription: String
        let snapshot: ClusterSnapshot
        /// As the kernel counts it.
        let rule: RuleID
        var direction = Direction.egress
    }

    static let cases: [Case] = [
        Case(
            testDescription: "projects with networks of their own", snapshot: snapshot(ids: ["a": 12, "b": 13]),
            rule: .tenancy(TenancyRuleID(.id(VNID(12) ?? .global)))),
        Case(
            testDescription: "a project without a VNID", snapshot: snapshot(ids: ["b": 13]),
            rule: .tenancy(TenancyRuleID(.unknown(project: "a")))),
        Case(
            testDescription: "a zone's default",
            snapshot: snapshot(zones: [zone("x", 0, of: "a"), zone("y", 1, of: "b")]),
            rule: .zone(ZoneRuleID(zone: "x", direction: .egress, subject: .zone("y")))),
        Case(
            testDescription: "a pod of no zone", snapshot: snapshot(zones: [zone("y", 1, of: "b")]),
            rule: .notInOneZone(ZoneConflict(namespace: "a", zones: []))),
    ]

    private static let flow = Flow(
        from: .pod(ObjectKey(namespace: "a", name: "p")), to: .pod(ObjectKey(namespace: "b", name: "p")),
        transport: .tcp, port: 80)

    private static func finding(_ snapshot: ClusterSnapshot, droppedIn chain: String) throws -> TraceReport.Finding {
        let step = PacketTrace.Step(table: "gabion", chain: chain, rule: "cut short", verdict: .drop)
        return TraceReport(
            connection: try ExplainedCluster(snapshot, origin: "the cluster").report(Question(flow)),
            trace: PacketTrace(
                outcome: .silent, ways: [PacketTrace.NodeWay(node: "one", steps: [step], isComplete: true)])
        ).finding
    }

    @Test("the chain that is the denying rule's in its direction is what policies say, and no other", arguments: cases)
    func agreement(_ sample: Case) throws {
        let chain = DenialName(sample.rule, sample.direction).chain.text
        #expect(try Self.finding(sample.snapshot, droppedIn: chain) == .agreement)
        let others = [
            DenialName(sample.rule, sample.direction == .egress ? .ingress : .egress).chain.text,
            DenialName(.tenancy(TenancyRuleID(.id(VNID(99) ?? .global))), sample.direction).chain.text,
        ]
        for other in others {
            guard case .difference(let what) = try Self.finding(sample.snapshot, droppedIn: other) else {
                Issue.record("\(other) is taken for \(sample.rule)")
                continue
            }
            #expect(what.contains("and the kernel dropped it by cut short"))
        }
    }
}
