import ArgumentParser
import ClusterAPI
import Foundation
import KubernetesClient
import TestSupport
import Testing

@testable import CommandLineTool

@Suite("gabion policy apply -o json")
struct PolicyApplyResultTests {
    @Test("as JSON, the whole result is one object, whatever the end")
    func result() async throws {
        let folder = try TemporaryDirectory()
        let all = try folder.write(PolicyApplyTests.open + PolicyApplyTests.staged, to: "all.yaml")
        let closed = try folder.write(PolicyApplyTests.closed, to: "closed.yaml")
        let bad = try folder.write(PolicyApplyTests.policy("bad", "podSelecter: {}"), to: "bad.yaml")
        let other = try folder.write(
            "{apiVersion: v1, kind: ConfigMap, metadata: {name: a, namespace: shop}}", to: "other.yaml")
        let now = Timestamp.now().microsecondsSince1970
        let flows = try folder.write(
            SeenFlows.report([SeenFlows.flow("shop/web", "shop/db", 5432, at: now - 3_600_000_000)]).text(.json),
            to: "flows.json")
        try await ApplyServer.with { _, kubeconfig in
            func ask(_ words: String...) async throws -> (document: JSONValue, failure: (any Error)?) {
                let command = try PolicyApplyCommand.parse(words + ["-o", "json", "--kubeconfig", kubeconfig])
                let (result, failure) = await command.outcome()
                return (try JSONDecoder().decode(JSONValue.self, from: Data(result.json.utf8)), failure)
            }
            func reasons(_ document: JSONValue) -> [String] {
                (document["refusals"]?.array ?? []).compactMap { $0["reason"]?.string }
            }
            func states(_ document: JSONValue) -> [String] {
                (document["objects"]?.array ?? []).map { object in
                    let text = ["kind", "namespace", "name", "action"].map { object[$0]?.string ?? "-" }
                    return text.joined(separator: " ") + (object["written"] == .bool(true) ? " written" : "")
                }
            }
            var (found, failure) = try await ask("-f", closed, "--guard", "--flows", flows)
            #expect(failure as? ExitCode == ExitStatus.finding)
            #expect(states(found) == ["NetworkPolicy shop closed created"])
            #expect(found["cuts"]?.array?.map { $0["to"]?.string ?? "" }.count == 1)
            #expect(reasons(found).count == 1 && reasons(found)[0].contains("cut flows in use"))
            #expect(found["remarks"]?.array?.isEmpty == false)

            for (file, reason) in [(bad, "podSelecter"), (other, "only policies are applied")] {
                (found, failure) = try await ask("-f", file)
                #expect(failure != nil && states(found).isEmpty)
                #expect(reasons(found).count == 1 && reasons(found)[0].contains(reason), "\(found)")
            }
            (found, failure) = try await ask("-f", all, "--dry-run")
            #expect(failure == nil && found["dryRun"] == .bool(true) && !states(found).contains { $0.hasSuffix("n") })
            (found, failure) = try await ask("-f", all)
            #expect(failure == nil && found["dryRun"] == .bool(false) && reasons(found).isEmpty)
            #expect(
                states(found) == [
                    "NetworkPolicy shop open created written", "StagedPolicy shop try created written",
                    "ClusterStagedPolicy - zone created written",
                ])
            (found, failure) = try await ask("-f", all, "-f", closed)
            #expect(failure == nil)
            #expect(
                states(found) == [
                    "NetworkPolicy shop open unchanged", "StagedPolicy shop try unchanged",
                    "ClusterStagedPolicy - zone unchanged", "NetworkPolicy shop closed created written",
                ])
        }
    }
}
