import ArgumentParser
import ClusterAPI
import FlowModel
import Foundation
import ManifestFiles
import PolicyEvidence
import TestRandom
import TestSupport
import Testing

@testable import CommandLineTool

@Suite("gabion policy suggest")
struct PolicySuggestTests {
    private static func suggestion(_ flows: [FlowRecord], _ pods: [Pod] = []) -> PolicySuggestion {
        PolicySuggestion(namespace: "shop", from: flows, in: PolicySuggestion.Scene(pods: pods))
    }

    private static func parsed(_ text: String) throws -> [NetworkPolicy] {
        try ManifestReader.parse(Data(text.utf8), file: "suggested.yaml").map { try $0.decode(NetworkPolicy.self) }
    }

    @Test("evidence stands above each rule, the span and what is missing above all")
    func text() throws {
        var scan = SeenFlows.flow("shop/web", "shop/db", 22, at: SeenFlows.now + 7_200_000_000)
        scan.backward = .init()
        let suggestion = Self.suggestion([
            SeenFlows.flow("shop/web", "shop/db", 5432), scan, SeenFlows.flow("dns/dns", "shop/web", 80),
            SeenFlows.flow("dns/dns", "shop/web", 81, .denied), SeenFlows.flow("dns/dns", "shop/web", 81, at: 0),
        ])
        let text = SuggestionDocuments(suggestion, remarks: ["n1 lost some"]).text
        let expected = """
            # NetworkPolicies for namespace shop, from 4 flows that were allowed.
            """
        #expect(text.hasPrefix(expected))
        for part in [
            "# n1 lost some\n", "by n1.\n", "# Policies add up",
            "# Withheld, for the same was denied as well: dns/app=dns to shop/app=web, TCP 81 (1 flow at\n# ingress).\n",
            "  egress:\n    # to shop/app=db: 2 flows, 2026-05-28T20:26:40Z to 2026-05-28T22:26:40Z, 2.7 kB, 1 unanswered\n",
            "    # such as shop/web to shop/db\n    - to:\n        - podSelector:\n            matchLabels:\n              app: db\n",
            "        # 1 flow, 2026-05-28T22:26:40Z, 1.2 kB, none answered\n        - protocol: TCP\n          port: 22\n",
            "  # Nothing was seen: closed.\n  egress: []\n",
        ] {
            #expect(text.contains(part), "\(part) in:\n\(text)")
        }
        #expect(try Self.parsed(text) == suggestion.policies.map(\.policy))
        for line in text.split(separator: "\n") where line.contains("#") { #expect(line.count <= 100, "\(line)") }
    }

    @Test("random suggestions are read back as they were, and no name of a pod becomes content", arguments: 0..<200)
    func roundTrip(seed: Int) throws {
        var random = SeededGenerator(seed: seed)
        let values = ["true", "1", "web", "on", "a.b", "0x1", "null", "y", "1e3"]
        let flows = (0..<20).map { _ in
            var ends = (0..<2).map { _ in
                let name = random.pick(["a", "x\nspec: {}", "c\r- d", "e\u{2028}f", "# g"]) + "\(random.below(9))"
                let labels = ["app": random.pick(values), random.pick(["tier", "y", "9"]): random.pick(values)]
                return SeenFlows.end("\(random.pick(["shop", "bank"]))/\(name)", labels, port: nil)
            }
            if random.once(in: 4) { ends[0] = SeenFlows.end("198.51.100.\(random.below(250))", [:], port: nil) }
            ends[1].port = random.pick([80, 443])
            return FlowRecord(
                observer: "n1\nkind: x", ipProtocol: random.pick([6, 17, 1]), source: ends[0], destination: ends[1],
                verdict: random.once(in: 6) ? .denied : .allowed, start: Int64(random.below(1000)))
        }
        let suggestion = Self.suggestion(flows)
        let text = SuggestionDocuments(suggestion, remarks: ["a\n---\nb: c"]).text
        #expect(try Self.parsed(text) == suggestion.policies.map(\.policy), "\(text)")
    }

    @Test("pods come from manifests, those of workloads included; so a selector knows what else there is")
    func manifests() throws {
        let text = """
            {apiVersion: v1, kind: Pod, metadata: {name: web, namespace: shop, labels: {app: web, x: y}}}
            ---
            {apiVersion: apps/v1, kind: Deployment, metadata: {name: old, namespace: shop},
             spec: {template: {metadata: {labels: {app: web, x: z}}, spec: {containers: []}}}}
            """
        let scene = try PolicySuggestCommand.scene(ManifestReader.parse(Data(text.utf8), file: "m.yaml"))
        let suggestion = PolicySuggestion(
            namespace: "shop", from: [SeenFlows.flow("a/a", "shop/web", 80)], in: scene)
        #expect(suggestion.policies.map(\.selector.description) == ["x=y", "x=z"])
    }

    @Test("without an allowed flow the verb fails and says what to do")
    func nothingSeen() async throws {
        let folder = try TemporaryDirectory()
        let path = try folder.write(
            SeenFlows.report([SeenFlows.flow("a/a", "shop/web", 80, .denied)]).text(.json), to: "flows.json")
        let command = try PolicySuggestCommand.parse(["-n", "shop", "--flows", path])
        let error = await #expect(throws: CommandFailure.self) { try await command.run() }
        #expect(error?.cause == "no allowed flow of namespace shop was seen")
        #expect(error?.remedy.contains("--since") == true)
    }

    @Test("amounts are told in words")
    func words() {
        #expect(
            [0, 999, 1000, 1234, 120_000, 5_600_000].map { EvidenceWords.bytes($0) } == [
                "0 B", "999 B", "1.0 kB", "1.2 kB", "120 kB", "5.6 MB",
            ])
        #expect(
            [0, 1, 119, 120, 7200, 200_000].map { EvidenceWords.duration($0 * 1_000_000) } == [
                "0 seconds", "1 second", "119 seconds", "2 minutes", "2 hours", "2 days",
            ])
    }
}
