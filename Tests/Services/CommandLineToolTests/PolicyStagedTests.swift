import ArgumentParser
import ClusterAPI
import Foundation
import KubernetesClient
import Lab
import ManifestFiles
import PolicyAnalysis
import PolicyEngine
import TestSupport
import Testing

@testable import CommandLineTool

/// `--staged`: what policies would do that are only tried.
@Suite struct PolicyStagedTests {
    /// Opens port 80 of the shop's db, in the place of the policy with this name.
    private static let opening = """

        ---
        apiVersion: gabion.io/v1
        kind: StagedPolicy
        metadata: {name: more, namespace: shop}
        spec:
          policy:
            apiVersion: networking.k8s.io/v1
            kind: NetworkPolicy
            metadata: {name: db}
            spec:
              podSelector: {matchLabels: {app: db}}
              ingress:
              - from: [{podSelector: {matchLabels: {app: web}}}, {ipBlock: {cidr: 203.0.113.0/24}}]
                ports: [{port: 5432}, {port: 80}]
        """

    @Test("diff shows what enforcing it would change, and nothing changes without it")
    func diff() throws {
        let report = DiffReport(staged: try PolicyMatrixTests.input(PolicyMatrixTests.shop + Self.opening))
        #expect(report.warnings.isEmpty)
        let text = try report.text(.table)
        #expect(text.hasPrefix("1 change of connectivity: 1 appears\n") && text.contains("TCP 80"), "\(text)")
        let none = DiffReport(staged: try PolicyMatrixTests.input(PolicyMatrixTests.shop))
        #expect(none.isEmpty && none.warnings.count == 1 && none.warnings[0].hasPrefix("nothing is staged"))
        // As written, the staged policy has no say.
        let plain = DiffReport(
            old: try PolicyMatrixTests.input(PolicyMatrixTests.shop),
            new: try PolicyMatrixTests.input(PolicyMatrixTests.shop + Self.opening))
        #expect(plain.isEmpty)
    }

    @Test("a policy of the whole cluster may be tried, and be thought away")
    func deleted() throws {
        let shop = PolicyMatrixTests.shop
        let staged = """

            ---
            apiVersion: gabion.io/v1
            kind: ClusterStagedPolicy
            metadata: {name: guard}
            spec:
              policy:
                apiVersion: policy.networking.k8s.io/v1alpha1
                kind: AdminNetworkPolicy
                spec:
                  priority: 1
                  subject: {namespaces: {}}
                  ingress: [{action: Deny, from: [{namespaces: {}}]}]
            ---
            apiVersion: gabion.io/v1
            kind: StagedPolicy
            metadata: {name: db, namespace: shop}
            spec:
              action: Delete
              policy: {apiVersion: networking.k8s.io/v1, kind: NetworkPolicy}
            """
        let report = DiffReport(staged: try PolicyMatrixTests.input(shop + staged))
        let text = try report.text(.table)
        // The guard closes the pods to each other; without the policy, the db is open to the outside.
        #expect(text.contains("AdminNetworkPolicy guard ingress[0]"), "\(text)")
        #expect(report.diff.changes.contains { $0.effect == .disappears })
        #expect(report.diff.changes.contains { $0.effect == .appears })
    }

    @Test("a live cluster's staged policies count, and its policies of every kind")
    func live() throws {
        var snapshot = ClusterSnapshot(pods: [Self.pod("web", "10.0.0.1"), Self.pod("db", "10.0.0.2")])
        snapshot.staged = [
            .namespaced(
                StagedPolicy(
                    name: "closed", namespace: "shop",
                    spec: .init(
                        policy: WrappedPolicy(
                            content: .networkPolicy(
                                NetworkPolicySpec(podSelector: LabelSelector(), policyTypes: [.ingress]))))))
        ]
        let report = DiffReport(staged: ClusterInput(snapshot))
        #expect(!report.isEmpty && report.diff.changes.allSatisfy { $0.effect == .disappears })
        #expect(report.diff.changes.contains { report.from($0).contains("shop/") })
        snapshot.adminPolicies = [
            AdminNetworkPolicy(
                name: "never",
                spec: .init(
                    priority: 1, subject: ClusterPolicySubject(namespaces: LabelSelector()),
                    ingress: [
                        .init(action: "Deny", from: [ClusterPolicyPeer(namespaces: LabelSelector())])
                    ]))
        ]
        // Between pods nothing passes any more, so nothing of it disappears.
        let closed = DiffReport(staged: ClusterInput(snapshot))
        #expect(!closed.isEmpty && closed.diff.changes.allSatisfy { !closed.from($0).contains("shop/") })
    }

    private static func pod(_ name: String, _ address: String) -> Pod {
        var pod = Pod(metadata: ObjectMeta(name: name, namespace: "shop", labels: ["app": name]))
        pod.status = PodStatus(phase: "Running", podIPs: [address])
        return pod
    }

    @Test(
        "the command line names one cluster",
        arguments: [
            (["--staged", "-f", "a"], true), (["--staged", "--cluster"], true), (["--staged"], false),
            (["--staged", "a", "b"], false), (["--staged", "--cluster", "-f", "a"], false), ([], false),
        ])
    func commandLine(_ words: [String], _ isFine: Bool) {
        #expect(((try? PolicyDiffCommand.parse(words)) != nil) == isFine)
    }

    @Test("verdicts are as they hold, and with --staged as they would")
    func verdicts() throws {
        let folder = try TemporaryDirectory()
        let live =
            "{apiVersion: v1, kind: Pod, metadata: {name: db, namespace: shop, labels: {app: db}}, "
            + "status: {podIP: 10.0.0.9}}"
        let path = try folder.write(PolicyMatrixTests.shop + Self.opening + "\n---\n" + live, to: "m.yaml")
        let questions = try folder.write("from,to,protocol,port\nshop/web-1,shop/db,TCP,80\n", to: "q.csv")
        func answer(staged: Bool) throws -> VerdictReport {
            try VerdictReport(
                paths: [path], queries: questions, staged: staged, reader: ManifestReader(),
                standardInput: { Data() })
        }
        #expect(try answer(staged: false).table.rows.map { $0.fields[4] } == ["deny"])
        let would = try answer(staged: true)
        #expect(would.table.rows.map { $0.fields[4] } == ["allow"])
        #expect(would.table.rows[0].fields[5].contains("NetworkPolicy shop/db ingress[0]") && would.warnings.isEmpty)
    }

    private static func check(_ text: String) throws -> CheckReport {
        CheckReport(try ManifestReader.parse(Data(text.utf8), file: "p.yaml"))
    }

    @Test("check finds what is wrong inside the wrapped policy, at its line")
    func check() throws {
        let report = try Self.check(
            """
            apiVersion: gabion.io/v1
            kind: StagedPolicy
            metadata: {name: p, namespace: a}
            spec:
              policy:
                apiVersion: networking.k8s.io/v1
                kind: NetworkPolicy
                spec:
                  podSelecter: {}
                  ingress:
                  - ports: [{port: 80, endPort: 79}]
            """)
        #expect(
            report.findings.map(\.description) == [
                "p.yaml:9: StagedPolicy a/p: spec.policy.spec.podSelecter: unknown field; there are: egress, ingress,"
                    + " podSelector, policyTypes",
                "p.yaml:11: StagedPolicy a/p: spec.policy.spec.ingress[0].ports[0].endPort: Invalid value: 79: must be"
                    + " greater than or equal to `port`",
            ])
        #expect(report.policyCount == 1)
    }

    @Test("check lints a wrapped NetworkPolicy as if it were enforced, and the enforced ones as they are")
    func lint() throws {
        let text =
            PolicyMatrixTests.shop
                + """

                ---
                apiVersion: gabion.io/v1
                kind: StagedPolicy
                metadata: {name: db, namespace: shop}
                spec:
                  policy:
                    apiVersion: networking.k8s.io/v1
                    kind: NetworkPolicy
                    spec:
                      podSelector: {matchLabels: {app: bd}}
                      ingress: []
                """
        let report = try Self.check(text)
        #expect(!report.findings.contains { $0.object == "StagedPolicy shop/db" })
        let staged = report.warnings.filter { $0.finding.object == "StagedPolicy shop/db" }
        #expect(staged.map(\.rule) == ["selects-nothing"])
        #expect(staged.first?.finding.field == "spec.policy.spec.podSelector")
        let plain = try Self.check(PolicyMatrixTests.shop).warnings
        #expect(report.warnings.filter { $0.finding.object != "StagedPolicy shop/db" }.map(\.rule) == plain.map(\.rule))
    }

    @Test("a staged policy that stages nothing is a warning to whoever asks for verdicts")
    func warnings() throws {
        let twice = Self.opening.replacing("name: more", with: "name: other")
        let world = try PolicyWorld(
            ManifestReader.parse(Data((PolicyMatrixTests.shop + Self.opening + twice).utf8), file: "p.yaml"))
        #expect(world.warnings.count == 1)
        #expect(
            world.warnings[0].hasPrefix("StagedPolicy shop/other: spec.policy.metadata.name: StagedPolicy shop/more"))
    }
}
