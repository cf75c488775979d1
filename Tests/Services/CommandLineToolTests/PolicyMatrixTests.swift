import ClusterAPI
import Foundation
import FoundationXML
import ManifestFiles
import PolicyAnalysis
import Testing

@testable import CommandLineTool

/// `gabion policy matrix` on manifests.
@Suite struct PolicyMatrixTests {
    static let shop = """
        {apiVersion: v1, kind: Namespace, metadata: {name: shop}}
        ---
        {apiVersion: v1, kind: Node, metadata: {name: n1}, status: {addresses: [{type: InternalIP, address: 192.168.0.1}]}}
        ---
        {apiVersion: v1, kind: Pod, metadata: {name: web-1, namespace: shop, labels: {app: web}}, spec: {nodeName: n1}, status: {podIP: 10.0.0.1}}
        ---
        {apiVersion: v1, kind: Pod, metadata: {name: web-2, namespace: shop, labels: {app: web}}, spec: {nodeName: n2}, status: {podIP: 10.0.0.2}}
        ---
        {apiVersion: apps/v1, kind: Deployment, metadata: {name: db, namespace: shop}, spec: {template: {metadata: {labels: {app: db}}, spec: {containers: []}}}}
        ---
        apiVersion: networking.k8s.io/v1
        kind: NetworkPolicy
        metadata: {name: db, namespace: shop}
        spec:
          podSelector: {matchLabels: {app: db}}
          ingress: [{from: [{podSelector: {matchLabels: {app: web}}}, {ipBlock: {cidr: 203.0.113.0/24}}], ports: [{port: 5432}]}]
        """

    static func input(_ text: String) throws -> ClusterInput {
        try ClusterInput(try ManifestReader.parse(Data(text.utf8), file: "m.yaml"))
    }

    /// Namespaces n0… with two kinds of pods each, one of which only its own namespace reaches.
    static func wide(_ count: Int) -> String {
        (0..<count).map { index in
            """
            {apiVersion: v1, kind: Pod, metadata: {name: a, namespace: n\(index), labels: {app: a}}, status: {podIP: 10.0.\(index).1}}
            ---
            {apiVersion: v1, kind: Pod, metadata: {name: b, namespace: n\(index), labels: {app: b}}, status: {podIP: 10.0.\(index).2}}
            ---
            {apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: p, namespace: n\(index)}, spec: {podSelector: {matchLabels: {app: b}}, ingress: [{from: [{podSelector: {}}]}]}}
            """
        }.joined(separator: "\n---\n")
    }

    @Test("the table names classes by their labels, workloads stand for pods, and ports are told")
    func table() throws {
        let text = try MatrixReport(try Self.input(Self.shop)).text(.table)
        #expect(text.hasPrefix("3 pods, of which policies tell apart 2\n"))
        #expect(text.contains(" 1 shop/app=web"))
        #expect(text.contains(" 2 shop/db"))
        #expect(text.contains("outside 203.0.113.0/24"))
        #expect(text.contains("TCP 5432"))
    }

    @Test(
        "the table fits 80 columns, however many namespaces there are, and says what is left out",
        arguments: [1, 3, 40, 90])
    func width(count: Int) throws {
        let text = try MatrixReport(try Self.input(Self.wide(count))).text(.table)
        for line in text.split(separator: "\n") { #expect(line.count <= 80, "\(line)") }
        #expect(text.contains("more namespaces are left out") == (count >= 40))
        #expect(text.contains("more lines are left out") == (count == 90))
    }

    @Test("a namespace and a port narrow the answer to what was asked")
    func narrowed() throws {
        let input = try Self.input(Self.wide(40))
        let report = MatrixReport(input, namespaces: ["n7"], ports: try #require(PortOption(argument: "80")).ports)
        let text = try report.text(.table)
        #expect(text.hasPrefix("2 pods, of which policies tell apart 2, asked for TCP 80\n"))
        #expect(!report.reach.isEmpty)
        for line in report.reach {
            let ends = report.name(of: line.classes.from) + " " + report.name(of: line.classes.to)
            #expect(line.ports.description == "TCP 80" && ends.contains("n7/"))
        }
    }

    @Test("HTML and SVG are well-formed, need nothing from elsewhere, and let no name become markup")
    func pictures() throws {
        let hostile = Self.shop.replacing("{app: web}", with: "{app: \"<script>alert(1)</script>\"}")
        let report = MatrixReport(try Self.input(hostile))
        for format in [MatrixFormat.html, .svg] {
            let text = try report.text(format)
            #expect(!text.contains("<script") && !text.contains("href") && !text.contains("src="))
            #expect(text.contains("&lt;script&gt;"))
        }
        let parser = XMLParser(data: Data(try report.text(.svg).utf8))
        #expect(parser.parse(), "\(parser.parserError.debugDescription)")
    }

    @Test("JSON has every class with its members and every cell with its rules")
    func json() throws {
        let text = try MatrixReport(try Self.input(Self.shop)).text(.json)
        let value = try JSONDecoder().decode(JSONValue.self, from: Data(text.utf8))
        let classes = try #require(value["classes"]?.array)
        #expect(classes.contains { $0["members"] == ["shop/web-1", "shop/web-2"] && $0["kind"] == "pods" })
        let web = try #require(classes.first { $0["name"] == "shop/app=web" }?["id"])
        let db = try #require(classes.first { $0["name"] == "shop/db" }?["id"])
        let cells = try #require(value["connectivity"]?.array).filter { $0["from"] == web && $0["to"] == db }
        #expect(cells.count == 2)
        #expect(cells.contains { $0["allowed"] == true && $0["ingress"] == "NetworkPolicy shop/db ingress[0]" })
    }

    @Test(
        "ports are read as they are written",
        arguments: [
            ("443", "TCP 443"), ("53/udp", "UDP 53"), ("8000-8100/TCP", "TCP 8000-8100"), ("ICMP", "ICMP"), ("0", nil),
            ("80/ICMP", nil), ("x", nil), ("90-80", nil), ("1/TCP/2", nil), ("", nil),
        ] as [(String, String?)])
    func port(text: String, expected: String?) {
        #expect(PortOption(argument: text)?.ports.description == expected)
    }
}
