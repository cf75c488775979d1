import ArgumentParser
import ClusterAPI
import EmbeddedAPI
import FlowModel
import Foundation
import KubernetesClient
import Logging
import ManifestFiles
import TestSupport
import Testing

@testable import CommandLineTool

@Suite("gabion policy apply", .serialized)
struct PolicyApplyTests {
    private static func objects(_ text: String) throws -> [ManifestObject] {
        try ManifestReader.parse(Data(text.utf8), file: "p.yaml")
    }

    static func policy(_ name: String, _ spec: String, namespace: String = "shop") -> String {
        "{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: \(name), namespace: \(namespace)}, "
            + "spec: {\(spec)}}\n---\n"
    }

    static let closed = policy("closed", "podSelector: {matchLabels: {app: db}}, policyTypes: [Ingress]")
    static let open = policy(
        "open", "podSelector: {matchLabels: {app: db}}, ingress: [{from: [{podSelector: {matchLabels: {app: web}}}]}]")

    @Test("a spec is replaced and not merged; labels of others are kept")
    func replacing() throws {
        let existing: JSONValue = [
            "apiVersion": "v1", "kind": "X", "status": ["a": 1],
            "metadata": ["name": "x", "resourceVersion": "7", "labels": ["theirs": "1", "ours": "1"]],
            "spec": ["podSelector": ["matchLabels": ["old": "1"]], "ingress": []],
        ]
        let manifest: JSONValue = [
            "apiVersion": "v1", "kind": "X", "metadata": ["name": "x", "labels": ["ours": "2"]],
            "spec": ["podSelector": ["matchLabels": ["new": "1"]]],
        ]
        let result = ApplyPlan.replaced(existing, by: manifest)
        #expect(result["spec"] == manifest["spec"])
        #expect(
            result["metadata"] == ["name": "x", "resourceVersion": "7", "labels": ["theirs": "1", "ours": "2"]])
        #expect(result["status"] == ["a": 1])
    }

    @Test("only policies are applied, each once")
    func refusals() throws {
        let pod = "{apiVersion: v1, kind: Pod, metadata: {name: a, namespace: shop}}\n---\n"
        let errors = ApplyPlan.refusals(try Self.objects(Self.closed + pod + Self.closed))
        #expect(errors.count == 2)
        #expect(errors[0].description.contains("Pod shop/a: only policies are applied"))
        #expect(errors[1].description.contains("NetworkPolicy shop/closed: is given twice"))
    }

    @Test("guard's options need the guard, and one verb reads standard input once")
    func usage() throws {
        for words in [["--allow-cuts"], ["--since", "1h"], ["--flows", "x"], ["--guard", "--since", "soon"]] {
            #expect(throws: (any Error).self) { try PolicyApplyCommand.parse(["-f", "a"] + words) }
        }
        #expect(throws: (any Error).self) { try PolicyApplyCommand.parse(["-f", "-", "--guard", "--flows", "-"]) }
        _ = try PolicyApplyCommand.parse(["-f", "a", "--guard", "--since", "1h", "--allow-cuts", "--dry-run"])
    }

    private static func withShop(
        _ body:
            @Sendable (_ client: KubernetesClient, _ apply: @Sendable ([String]) async throws -> Void) async throws
            -> Void
    ) async throws {
        try await ApplyServer.with { client, kubeconfig in
            try await body(client) { words in
                let command = try PolicyApplyCommand.parse(words + ["--kubeconfig", kubeconfig])
                try await command.run()
            }
        }
    }

    private static func names(_ client: KubernetesClient) async throws -> [String] {
        try await client.list(NetworkPolicy.self).items.map(\.key.name).sorted()
    }

    @Test("policies are created, configured and left as they are; what allows nothing is written last")
    func writing() async throws {
        let folder = try TemporaryDirectory()
        let first = try folder.write(Self.closed + Self.open, to: "a.yaml")
        let other = try folder.write(
            Self.policy("open", "podSelector: {matchLabels: {tier: db}}, policyTypes: [Ingress], ingress: [{}]"),
            to: "b.yaml")
        let read: @Sendable (String) throws -> [ManifestObject] = { try ManifestReader().read([$0]) }
        try await Self.withShop { client, apply in
            var plan = try await ApplyPlan(try read(first), client)
            #expect(plan.writes.map(\.title) == ["NetworkPolicy shop/open", "NetworkPolicy shop/closed"])
            #expect(plan.writes.map(\.action) == [.created, .created])
            try await apply(["-f", first, "--dry-run"])
            #expect(try await Self.names(client).isEmpty)
            try await apply(["-f", first])
            #expect(try await Self.names(client) == ["closed", "open"])
            plan = try await ApplyPlan(try read(first), client)
            #expect(plan.writes.map(\.action) == [.unchanged, .unchanged])
            let stale = try await ApplyPlan(try read(other), client)
            #expect(stale.writes.map(\.action) == [.configured])
            try await apply(["-f", other])
            let open = try await client.get(NetworkPolicy.self, "open", in: "shop")
            #expect(open.spec?.podSelector == LabelSelector(matchLabels: ["tier": "db"]))
            // Who has read the object before somebody changed it writes nothing.
            let error = await #expect(throws: CommandFailure.self) { try await stale.write(client) { _ in } }
            #expect(error?.remedy.contains("changed it meanwhile") == true)
        }
    }

    @Test("a policy with an error, or without its namespace, keeps all from being written")
    func errors() async throws {
        let folder = try TemporaryDirectory()
        let broken = try folder.write(Self.open + Self.policy("bad", "podSelecter: {}"), to: "a.yaml")
        let lost = try folder.write(Self.open + Self.policy("x", "podSelector: {}", namespace: "none"), to: "b.yaml")
        try await Self.withShop { client, apply in
            await #expect(throws: ExitStatus.finding) { try await apply(["-f", broken]) }
            let error = await #expect(throws: CommandFailure.self) { try await apply(["-f", lost]) }
            #expect(error?.cause.contains("no namespace none") == true)
            let names = try await Self.names(client)
            #expect(names.isEmpty)
        }
    }

    @Test("the guard refuses a cut with exit code 1, and nothing is written unless cuts are allowed")
    func cuts() async throws {
        let folder = try TemporaryDirectory()
        let closed = try folder.write(Self.closed, to: "closed.yaml")
        let open = try folder.write(Self.open, to: "open.yaml")
        let now = Timestamp.now().microsecondsSince1970
        let flows = try folder.write(
            SeenFlows.report([SeenFlows.flow("shop/web", "shop/db", 5432, at: now - 3_600_000_000)]).text(.json),
            to: "flows.json")
        try await Self.withShop { client, apply in
            await #expect(throws: ExitStatus.finding) {
                try await apply(["-f", closed, "--guard", "--flows", flows])
            }
            await #expect(throws: ExitStatus.finding) {
                try await apply(["-f", closed, "--guard", "--flows", flows, "--dry-run"])
            }
            #expect(try await Self.names(client).isEmpty)
            try await apply(["-f", open, "--guard", "--flows", flows])
            #expect(try await Self.names(client) == ["open"])
            // The flow is older than what is asked for.
            try await apply(["-f", closed, "--guard", "--flows", flows, "--since", "10m", "--dry-run"])
            try await client.delete(NetworkPolicy.self, "open", in: "shop")
            try await apply(["-f", closed, "--guard", "--flows", flows, "--allow-cuts"])
            #expect(try await Self.names(client) == ["closed"])
        }
    }

    static let staged = """
        {apiVersion: gabion.io/v1, kind: StagedPolicy, metadata: {name: try, namespace: shop}, spec: {policy: {apiVersion:
          networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: open}, spec: {podSelector: {}}}}}
        ---
        {apiVersion: gabion.io/v1, kind: ClusterStagedPolicy, metadata: {name: zone}, spec: {policy: {apiVersion:
          gabion.io/v1, kind: Zone, metadata: {name: dmz}, spec: {order: 1, namespaceSelector: {}}}}}
        ---

        """

    @Test("staged policies are applied as others are, and cut nothing")
    func stagedPolicies() async throws {
        let folder = try TemporaryDirectory()
        let file = try folder.write(Self.staged, to: "staged.yaml")
        let homeless = try folder.write(
            Self.staged.replacingOccurrences(of: "namespace: shop", with: "namespace: none"), to: "homeless.yaml")
        let now = Timestamp.now().microsecondsSince1970
        let flows = try folder.write(
            SeenFlows.report([SeenFlows.flow("shop/web", "shop/db", 5432, at: now - 3_600_000_000)]).text(.json),
            to: "flows.json")
        try await Self.withShop { client, apply in
            let error = await #expect(throws: CommandFailure.self) { try await apply(["-f", homeless]) }
            #expect(error?.cause.contains("no namespace none") == true)
            try await apply(["-f", file, "--guard", "--flows", flows])
            let found = try await client.get(StagedPolicy.self, "try", in: "shop")
            #expect(found.spec.policy.metadata.name == "open")
            #expect(try await client.get(ClusterStagedPolicy.self, "zone").spec.action == .set)
            let plan = try await ApplyPlan(try ManifestReader().read([file]), client)
            #expect(plan.writes.map(\.action) == [.unchanged, .unchanged])
        }
    }

    @Test("a node that did not tell its flows keeps the guard from judging")
    func gaps() async throws {
        let folder = try TemporaryDirectory()
        let open = try folder.write(Self.open, to: "open.yaml")
        let silent = try folder.write(SeenFlows.report([], silent: ["n1"]).text(.json), to: "a.json")
        let short = try folder.write(SeenFlows.report([], complete: false).text(.json), to: "b.json")
        let whole = try folder.write(SeenFlows.report([]).text(.json), to: "c.json")
        try await Self.withShop { client, apply in
            for flows in [silent, short] {
                let error = await #expect(throws: CommandFailure.self) {
                    try await apply(["-f", open, "--guard", "--flows", flows])
                }
                #expect(error?.remedy.contains("--flows") == true)
            }
            try await client.create(Node(metadata: ObjectMeta(name: "n2")))
            await #expect(throws: CommandFailure.self) { try await apply(["-f", open, "--guard", "--flows", whole]) }
            #expect(try await Self.names(client).isEmpty)
            try await client.delete(Node.self, "n2")
            try await apply(["-f", open, "--guard", "--flows", silent, "--flows", whole])
            #expect(try await Self.names(client) == ["open"])
        }
    }
}
