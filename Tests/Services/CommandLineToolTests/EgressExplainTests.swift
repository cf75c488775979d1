import ClusterAPI
import Foundation
import Lab
import NFTablesDriver
import NetworkTypes
import PolicyEngine
import ServiceVerdicts
import TestSupport
import Testing

@testable import CommandLineTool

/// With which source address a connection leaves the cluster, as `explain` and `trace` say it.
@Suite struct EgressExplainTests {
    private static let manifests = """
        apiVersion: v1
        kind: List
        items:
        - {apiVersion: v1, kind: Namespace, metadata: {name: shop}}
        - {apiVersion: v1, kind: Pod, metadata: {name: web, namespace: shop, labels: {app: web}},
           spec: {nodeName: n1}, status: {phase: Running, podIP: 10.0.0.1}}
        - {apiVersion: v1, kind: Pod, metadata: {name: db, namespace: shop, labels: {app: db}},
           spec: {nodeName: n1}, status: {phase: Running, podIP: 10.0.0.2}}
        ---
        apiVersion: k8s.ovn.org/v1
        kind: EgressIP
        metadata: {name: partner}
        spec: {egressIPs: [192.0.2.7], namespaceSelector: {}, podSelector: {matchLabels: {app: web}}}
        """
    private static let ledger = """

        ---
        {apiVersion: gabion.io/v1, kind: EgressNode, metadata: {name: n2}, spec: {addresses: [192.0.2.7]}}
        """
    private static let other = """

        ---
        {apiVersion: gabion.io/v1, kind: EgressNode, metadata: {name: n2}, spec: {addresses: [192.0.2.8]}}
        """
    private static let firewall = """

        ---
        apiVersion: k8s.ovn.org/v1
        kind: EgressFirewall
        metadata: {name: default, namespace: shop}
        spec: {egress: [{type: Deny, to: {cidrSelector: 0.0.0.0/0}}]}
        """

    private func report(
        _ manifests: String, from: String = "shop/web", to: String = "203.0.113.9"
    ) throws -> ConnectionReport {
        let directory = try TemporaryDirectory()
        let path = try directory.write(manifests, to: "shop.yaml")
        let question = Question(
            from: try #require(Question.End(from)), to: try #require(Question.End(to)), transport: .tcp, port: 443)
        return try ExplainedCluster(manifests: [path]).report(question)
    }

    private func lines(_ report: ConnectionReport) -> [String] {
        report.text(.table).split(separator: "\n").map(String.init)
    }

    @Test("after the verdict stands with which address and by which node it leaves, to an address or a name")
    func leaves() throws {
        for to in ["203.0.113.9", "dns:www.example.com"] {
            let told = lines(try report(Self.manifests + Self.ledger, to: to))
            #expect(told.first?.hasPrefix("ALLOWED  shop/web -> ") == true)
            #expect(told.contains("  leaves as 192.0.2.7 by n2 (EgressIP partner)"), "\(told)")
        }
        let node = lines(try report(Self.manifests + Self.ledger, from: "shop/db"))
        #expect(node.contains("  leaves with the address of its node, n1"), "\(node)")
        let inside = try report(Self.manifests, to: "shop/db").text(.table)
        #expect(!inside.contains("leaves"))
    }

    @Test("what policies allow and nothing carries is dropped, with the reason, and no policy is offered")
    func dropped() throws {
        let text = try report(Self.manifests + Self.other).text(.table)
        #expect(
            text.hasPrefix(
                """
                DROPPED  shop/web -> 203.0.113.9 443/TCP: drop_no_egress_address: nothing leaves
                           without an address of EgressIP partner: 192.0.2.7 is held by no node
                  policies allow it: no policy selects shop/web for egress
                """), "\(text)")
        #expect(text.contains("No policy would help: it takes an egress address."))
        #expect(!text.contains("What would deny it"))
        for line in text.split(separator: "\n") { #expect(line.count <= 80, "\(line)") }
    }

    @Test("of what policies deny it says how it would leave")
    func denied() throws {
        let told = lines(try report(Self.manifests + Self.ledger + Self.firewall))
        #expect(told.first?.hasPrefix("DENIED  ") == true)
        #expect(told.contains("  if it were allowed: leaves as 192.0.2.7 by n2 (EgressIP partner)"), "\(told)")
    }

    private func json(_ manifests: String) throws -> JSONValue {
        try JSONDecoder().decode(JSONValue.self, from: Data(try report(manifests).text(.json).utf8))
    }

    @Test("JSON has owner, sources, drop and reasons, and the verdict of what becomes of the connection")
    func json() throws {
        let open = try json(Self.manifests + Self.ledger)
        #expect(open["verdict"] == "allow")
        #expect(
            open["departure"] == [
                "owner": "EgressIP partner", "sources": [["address": "192.0.2.7", "node": "n2"]], "drop": .null,
                "reasons": [],
            ])
        let closed = try json(Self.manifests + Self.other)
        #expect(closed["verdict"] == "deny" && closed["egress"]?["verdict"] == "allow")
        #expect(closed["departure"]?["drop"] == "drop_no_egress_address")
        #expect(closed["departure"]?["reasons"] == ["192.0.2.7 is held by no node"])
        let unknown = try json(Self.manifests)
        #expect(unknown["departure"]?["sources"] == [["address": "192.0.2.7", "node": .null]])
    }

    private func trace(_ manifests: String, rule: String?, outcome: ProbeOutcome = .silent) throws -> TraceReport {
        let step = PacketTrace.Step(
            table: "gabion", chain: rule ?? "egress_forward", rule: rule, verdict: rule == nil ? .accept : .drop)
        return TraceReport(
            connection: try report(manifests),
            trace: PacketTrace(
                outcome: outcome, ways: [PacketTrace.NodeWay(node: "n1", steps: [step], isComplete: true)]))
    }

    @Test("a trace that ends at drop_no_egress_address is what was said of a pod without an address, and of no other")
    func traced() throws {
        let drop = "drop_no_egress_address"
        #expect(try trace(Self.manifests + Self.other, rule: drop).finding == .agreement)
        #expect(try trace(Self.manifests + Self.ledger, rule: drop).finding == .beforePolicies(drop))
        let text = try trace(Self.manifests + Self.ledger, rule: drop).text(.table)
        let words = text.split { $0.isWhitespace }.joined(separator: " ")
        #expect(words.contains("drop_no_egress_address (whom it leaves for has no active address"), "\(text)")
        guard
            case .difference(let what) = try trace(
                Self.manifests + Self.other, rule: nil, outcome: .reached(.connected)
            ).finding
        else {
            Issue.record("it arrived although nothing may leave")
            return
        }
        #expect(what.hasPrefix("nothing is to leave without an egress address"))
    }
}
