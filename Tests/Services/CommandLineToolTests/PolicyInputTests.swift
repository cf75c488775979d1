import APIMachinery
import ArgumentParser
import ClusterAPI
import Foundation
import Lab
import ManifestFiles
import NetworkTypes
import PolicyEngine
import ServiceVerdicts
import Testing

@testable import CommandLineTool

/// What questions about policies take in, and say about it.
@Suite struct PolicyInputTests {
    private static func objects(_ text: String) throws -> [ManifestObject] {
        try ManifestReader.parse(Data(text.utf8), file: "p.yaml")
    }

    private static let zones = """
        {apiVersion: v1, kind: Namespace, metadata: {name: app}}
        ---
        {apiVersion: v1, kind: Namespace, metadata: {name: data}}
        ---
        {apiVersion: v1, kind: Pod, metadata: {name: web, namespace: app}, status: {podIP: 10.0.0.1}}
        ---
        {apiVersion: v1, kind: Pod, metadata: {name: db, namespace: data}, status: {podIP: 10.0.0.2}}
        ---
        apiVersion: gabion.io/v1
        kind: Zone
        metadata: {name: app}
        spec: {order: 1, namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: app}}}
        ---
        apiVersion: gabion.io/v1
        kind: Zone
        metadata: {name: data}
        spec:
          order: 2
          namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: data}}
          holes: [{from: {zone: app}, owner: a, reason: b, expires: "2030-01-01T00:00:00Z"}]
        """
    private static let before = "2029-12-31T23:59:59Z"
    private static let after = "2030-01-01T00:00:00Z"
    private static let flow = Flow(
        from: .pod(ObjectKey(namespace: "app", name: "web")), to: .pod(ObjectKey(namespace: "data", name: "db")),
        transport: .tcp, port: 80)

    @Test("a hole that ends is open before its moment and closed after it, in manifests and in a live cluster")
    func moments() throws {
        let objects = try Self.objects(Self.zones)
        var snapshot = ClusterSnapshot(
            pods: try objects.filter { $0.isKind(of: Pod.self) }.map { try $0.decode(Pod.self) },
            namespaces: try objects.filter { $0.isKind(of: Namespace.self) }.map { try $0.decode(Namespace.self) })
        snapshot.zones = try objects.filter { $0.isKind(of: Zone.self) }.map { try $0.decode(Zone.self) }
        for (moment, isOpen) in [(Self.before, true), (Self.after, false)] {
            let time = try #require(APITime(moment))
            #expect(try ClusterInput(objects, at: time).engine.verdict(for: Self.flow).allowed == isOpen)
            #expect(ClusterInput(snapshot, at: time).engine.verdict(for: Self.flow).allowed == isOpen)
            let explained = try ExplainedCluster(snapshot, origin: "the cluster", at: time).report(Question(Self.flow))
            #expect(explained.judgement.answer.isAllowed == isOpen)
            #expect(explained.plain?.isAllowed == isOpen)
        }
    }

    @Test(
        "explain, matrix and diff take --at, and matrix the live cluster",
        arguments: [
            ["explain", "-f", "m.yaml", "--from", "a/b", "--to", "a/c", "--port", "80", "--at", before],
            ["matrix", "-f", "m.yaml", "--at", before], ["matrix", "--cluster", "--at", before],
            ["matrix", "--lab", "lab"], ["diff", "old", "new", "--at", before],
            ["diff", "--staged", "--cluster", "--at", before],
        ])
    func options(line: [String]) throws {
        let command = try PolicyCommand.parseAsRoot(line)
        let moment: MomentOption? =
            switch command {
            case let explain as PolicyExplainCommand: explain.source.moment
            case let matrix as PolicyMatrixCommand: matrix.source.moment
            case let diff as PolicyDiffCommand: diff.moment
            default: nil
            }
        #expect(moment?.at == (line.contains("--at") ? APITime(Self.before) : nil))
    }

    @Test("one cluster is asked", arguments: [["matrix"], ["matrix", "-f", "m.yaml", "--cluster"]])
    func oneCluster(line: [String]) {
        #expect(throws: (any Error).self) { try PolicyCommand.parseAsRoot(line) }
    }
}
