import ClusterAPI
import Lab
import NFTablesDriver
import NetworkTypes
import PolicyEngine
import Testing

@testable import CommandLineTool

/// What `gabion trace` makes of a packet that it saw, or did not see, on a node outside of a lab.
@Suite struct TraceReportTests {
    /// web on n1 may speak with db on n2 on 5432 only.
    private static var snapshot: ClusterSnapshot {
        let pods = [("web", "n1", "10.0.0.1"), ("db", "n2", "10.0.0.2")].map { name, node, address in
            Pod(
                metadata: ObjectMeta(name: name, namespace: "shop", labels: ["app": name]),
                spec: PodSpec(nodeName: node), status: PodStatus(phase: "Running", podIPs: [address]))
        }
        let policy = NetworkPolicy(
            metadata: ObjectMeta(name: "db", namespace: "shop"),
            spec: NetworkPolicySpec(
                podSelector: LabelSelector(matchLabels: ["app": "db"]),
                ingress: [.init(ports: [.init(port: .int(5432))])]))
        return ClusterSnapshot(
            pods: pods, namespaces: [Namespace(metadata: ObjectMeta(name: "shop"))], policies: [policy])
    }

    private static func report(port: UInt16, on node: String?, saw: Bool = true, whole: Bool = true) throws
        -> TraceReport
    {
        let flow = Flow(
            from: .pod(ObjectKey(namespace: "shop", name: "web")), to: .pod(ObjectKey(namespace: "shop", name: "db")),
            transport: .tcp, port: port)
        let step = PacketTrace.Step(table: "gabion", chain: "reach_pod", rule: "to remote pods", verdict: .accept)
        let ways = saw ? [PacketTrace.NodeWay(node: node ?? "", steps: [step], isComplete: whole)] : []
        return TraceReport(
            explanation: try ExplainedCluster(snapshot, origin: "the cluster").report(flow),
            trace: PacketTrace(outcome: nil, ways: ways), vantage: TraceVantage(flow, snapshot, node: node))
    }

    @Test("what passes on the node that should drop it is a difference, elsewhere the node that is to drop it is named")
    func passed() throws {
        let rule = "default deny ingress (NetworkPolicy shop/db)"
        #expect(
            try Self.report(port: 80, on: "n1").finding
                == .unseen("the packet passed every rule here; node n2 is to drop it: \(rule)"))
        #expect(
            try Self.report(port: 80, on: "n2").finding
                == .difference("\(rule) denies it on this node, and it passed every rule here"))
        #expect(
            try Self.report(port: 80, on: "n2", whole: false).finding
                == .unseen("no rule seen here dropped it, and policies deny it: \(rule)"))
        #expect(try Self.report(port: 80, on: "n2", saw: false).finding == .unseen("no such packet came by"))
        for node in ["n1", "n2"] {
            #expect(
                try Self.report(port: 5432, on: node).finding
                    == .unseen("the packet passed every rule here, as policies say"))
        }
    }

    @Test("the nodes that are not seen are named, and whether this machine is one")
    func limits() throws {
        let sent = "whether the connection was opened: outside of a lab nothing is sent"
        #expect(
            try Self.report(port: 80, on: "n1").limits
                == ["node n2, where shop/db is: run gabion trace there, too", sent])
        #expect(
            try Self.report(port: 80, on: nil).limits
                == [
                    "the network of a node: no agent of this cluster runs on this machine",
                    "node n1, where shop/web is: run gabion trace there, too",
                    "node n2, where shop/db is: run gabion trace there, too", sent,
                ])
    }
}
