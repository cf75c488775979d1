import ArgumentParser
import ClusterAPI
import Foundation
import Lab
import ManifestFiles
import NetworkTypes
import PolicyAnalysis
import PolicyEngine
import TestSupport
import Testing

@testable import CommandLineTool

/// `gabion policy diff` on manifests.
@Suite struct PolicyDiffTests {
    private static let open = PolicyMatrixTests.shop.replacing(
        "ports: [{port: 5432}]", with: "ports: [{port: 5432}, {port: 80}]")

    private static func report(_ old: String, _ new: String) throws -> DiffReport {
        DiffReport(old: try PolicyMatrixTests.input(old), new: try PolicyMatrixTests.input(new))
    }

    @Test("what appears is told with who, to whom, the ports and both rules, within 80 columns")
    func table() throws {
        let text = try Self.report(PolicyMatrixTests.shop, Self.open).text(.table)
        #expect(text.hasPrefix("1 change of connectivity: 1 appears\n"))
        for part in [
            "+  from        shop/app=web, outside 203.0.113.0/24", "to          shop/db", "appears     TCP 80",
            "before      default deny ingress (NetworkPolicy shop/db)", "NetworkPolicy shop/db ingress[0]",
        ] {
            #expect(text.contains(part), "\(part) in:\n\(text)")
        }
        for line in text.split(separator: "\n") { #expect(line.count <= 80, "\(line)") }
    }

    @Test("pods that come are told apart, and so they are in Markdown")
    func pods() throws {
        let more =
            PolicyMatrixTests.shop + "\n---\n"
            + "{apiVersion: v1, kind: Pod, metadata: {name: job, namespace: shop}, status: {podIP: 10.0.0.9}}\n"
        let report = try Self.report(PolicyMatrixTests.shop, more)
        #expect(report.changes(.policy).isEmpty && !report.changes(.parties).isEmpty)
        #expect(try report.text(.table).contains("Pods new: shop/job"))
        let markdown = try report.text(.markdown)
        #expect(markdown.hasPrefix("### Network connectivity changes only with the pods that come and go\n"))
        #expect(markdown.contains("<details><summary>With pods that come and go: "))
    }

    @Test("Markdown and JSON carry the change")
    func formats() throws {
        let report = try Self.report(Self.open, PolicyMatrixTests.shop)
        let row =
            "| `shop/app=web, outside 203.0.113.0/24` | `shop/db` | **TCP 80** |"
        #expect(try report.text(.markdown).contains(row))
        let value = try JSONDecoder().decode(JSONValue.self, from: Data(try report.text(.json).utf8))
        let change = try #require(value["changes"]?.array?.first)
        #expect(change["effect"] == "disappears" && change["cause"] == "policy")
        #expect(change["ports"] == ["text": "TCP 80", "TCP": ["80"]])
        #expect(change["from"]?["members"] == ["shop/web-1", "shop/web-2", "203.0.113.0/24"])
    }

    /// web may reach a wildcard's hosts on one port, and nothing else outside.
    private static func named(_ rules: String) -> String {
        PolicyMatrixTests.shop + """

            ---
            apiVersion: k8s.ovn.org/v1
            kind: EgressFirewall
            metadata: {name: default, namespace: shop}
            spec:
              egress:
              \(rules)
              - {type: Deny, to: {cidrSelector: 0.0.0.0/0}}
              - {type: Deny, to: {cidrSelector: "::/0"}}
            """
    }

    @Test("a name that is allowed no longer is told by its pattern, in every format")
    func names() throws {
        let allowed = "- {type: Allow, to: {dnsName: '*.example.com'}, ports: [{protocol: TCP, port: 443}]}"
        let other = "- {type: Allow, to: {dnsName: www.example.org}}"
        let report = try Self.report(Self.named("\(allowed)\n  \(other)"), Self.named(other))
        let text = try report.text(.table)
        #expect(text.hasPrefix("1 change of connectivity: 1 disappears\n"), "\(text)")
        for part in ["to          dns:*.example.com\n", "disappears  TCP 443", "EgressFirewall shop/default egress[1]"]
        {
            #expect(text.contains(part), "\(part) in:\n\(text)")
        }
        for line in text.split(separator: "\n") { #expect(line.count <= 80, "\(line)") }
        #expect(try report.text(.markdown).contains("`dns:*.example.com`"))
        let value = try JSONDecoder().decode(JSONValue.self, from: Data(try report.text(.json).utf8))
        #expect(value["changes"]?.array?.first?["to"]?["members"] == ["dns:*.example.com"])
        let matrix = MatrixReport(try PolicyMatrixTests.input(Self.named(allowed)))
        let table = try matrix.text(.table)
        #expect(table.contains("dns:*.example.com"), "\(table)")
    }

    @Test("the exit code is 0 without a change and 1 with one")
    func exitCodes() async throws {
        let folder = try TemporaryDirectory()
        let old = try folder.write(PolicyMatrixTests.shop, to: "old.yaml")
        let new = try folder.write(Self.open, to: "new.yaml")
        var same = try PolicyDiffCommand.parse([old, old])
        try await same.run()
        var other = try PolicyDiffCommand.parse([old, new])
        await #expect(throws: ExitStatus.finding) { try await other.run() }
    }

    @Test("applied to a live cluster, running pods keep their node and address, and nothing is taken away")
    func live() throws {
        let objects = try ManifestReader.parse(Data(PolicyMatrixTests.shop.utf8), file: "live.yaml")
        let snapshot = ClusterSnapshot(
            pods: try objects.filter { $0.isKind(of: Pod.self) }.map { try $0.decode(Pod.self) },
            policies: try objects.filter { $0.isKind(of: NetworkPolicy.self) }.map { try $0.decode(NetworkPolicy.self) }
        )
        let live = ClusterInput(snapshot)
        let written = "{apiVersion: v1, kind: Pod, metadata: {name: web-1, namespace: shop, labels: {app: web}}}"
        let applied = try ClusterInput(try ManifestReader.parse(Data(written.utf8), file: "new.yaml"), over: live)
        #expect(DiffReport(old: live, new: applied).isEmpty)
    }

    @Test("a live cluster is judged by all its tiers, not by NetworkPolicy alone")
    func liveTiers() throws {
        let pods = ["a", "b"].enumerated().map { index, name in
            Pod(
                metadata: ObjectMeta(name: name, namespace: "x"),
                status: PodStatus(phase: "Running", podIPs: ["10.0.0.\(index + 1)"]))
        }
        var snapshot = ClusterSnapshot(
            pods: pods, namespaces: [Namespace(metadata: ObjectMeta(name: "x"))])
        let everyone = ClusterPolicySubject(namespaces: LabelSelector())
        snapshot.adminPolicies = [
            AdminNetworkPolicy(
                name: "closed",
                spec: AdminNetworkPolicySpec(
                    priority: 1, subject: everyone,
                    ingress: [.init(action: "Deny", from: [ClusterPolicyPeer(namespaces: LabelSelector())])]))
        ]
        let ends = try (#require(IPAddress("10.0.0.1")), #require(IPAddress("10.0.0.2")))
        let verdict = ClusterInput(snapshot).engine.verdict(
            source: ends.0, destination: ends.1, transport: .tcp, port: 80)
        #expect("\(verdict.ingress.rule)" == "AdminNetworkPolicy closed ingress[0]")
    }
}
