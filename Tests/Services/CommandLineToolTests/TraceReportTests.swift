import ClusterAPI
import Lab
import LinuxSystem
import NFTablesDriver
import NetworkTypes
import PolicyEngine
import ServiceVerdicts
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
            connection: try ExplainedCluster(snapshot, origin: "the cluster").report(Question(flow)),
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

    /// web asks a service with a pod on each node, of which db is closed on 80.
    private static func led(
        to destination: String?, droppedIn chain: String? = nil, rule: String? = nil, outcome: ProbeOutcome = .silent,
        ranges: [String] = []
    ) throws -> TraceReport {
        var snapshot = snapshot
        var service = Service(
            metadata: ObjectMeta(name: "all", namespace: "shop"),
            spec: ServiceSpec(clusterIPs: ["172.30.0.9"], ports: [ServicePort(port: 80)], selector: [:]))
        service.spec?.type = "LoadBalancer"
        service.spec?.loadBalancerSourceRanges = ranges
        service.status = ServiceStatus(
            loadBalancer: LoadBalancerStatus(ingress: [LoadBalancerIngress(ip: "192.0.2.7")]))
        snapshot.services.upsert(service)
        snapshot.services.upsert(
            ExternalIPPolicy(name: "p", spec: ExternalIPPolicySpec(allowedCIDRs: ["192.0.2.0/24"])))
        snapshot.services.upsert(
            EndpointSlice(
                metadata: ObjectMeta(
                    name: "all-1", namespace: "shop", labels: ["kubernetes.io/service-name": "all"]),
                addressType: "IPv4", endpoints: ["10.0.0.1", "10.0.0.2"].map { SliceEndpoint(addresses: [$0]) },
                ports: [SlicePort(port: 80)]))
        let step = PacketTrace.Step(
            table: "gabion", chain: chain ?? "reach_pod", rule: rule, verdict: chain == nil ? .accept : .drop)
        let place = try destination.map { SocketAddress(try #require(IPAddress($0)), port: 80) }
        let question = Question(
            from: .party(.pod(ObjectKey(namespace: "shop", name: "web"))),
            to: try #require(Question.End("192.0.2.7")), transport: .tcp, port: 80)
        return TraceReport(
            connection: try ExplainedCluster(snapshot, origin: "the cluster").report(question),
            trace: PacketTrace(
                outcome: outcome,
                ways: [PacketTrace.NodeWay(node: "n1", steps: [step], isComplete: true, destination: place)]))
    }

    @Test("a packet to a service is compared with what policies say of the endpoint that it was led to")
    func services() throws {
        let arrived = ProbeOutcome.reached(.connected)
        #expect(try Self.led(to: "10.0.0.1", outcome: arrived).finding == .agreement)
        #expect(
            try Self.led(to: "10.0.0.2", outcome: arrived).finding
                == .difference("policies deny it, and it arrived: reached (connected)"))
        guard case .unseen(let what) = try Self.led(to: nil, outcome: arrived).finding else {
            Issue.record("it is not known where it went")
            return
        }
        #expect(what.hasPrefix("where it was led is not known"))
    }

    @Test("what services drop is what is said, where they do")
    func serviceDrops() throws {
        let (range, unserved) = ("drop_source_range", "drop_unserved")
        func finding(_ drop: String, _ ranges: [String]) throws -> TraceReport.Finding {
            try Self.led(to: "192.0.2.7", droppedIn: drop, rule: drop, ranges: ranges).finding
        }
        #expect(try finding(range, ["9.9.9.9/32"]) == .agreement)
        for (drop, ranges) in [(range, []), (unserved, ["9.9.9.9/32"]), (unserved, [])] as [(String, [String])] {
            guard case .difference(let what) = try finding(drop, ranges) else {
                Issue.record("\(drop) with \(ranges) is taken for what is said")
                continue
            }
            #expect(what.hasSuffix("and \(drop) ended it"))
        }
        #expect(try finding("drop_spoof", []) == .beforePolicies("drop_spoof"))
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
