import ClusterAPI
import Foundation
import ManifestFiles
import Testing

@testable import CommandLineTool

/// The warnings of `gabion policy check`.
@Suite struct PolicyLintTests {
    private static let text = """
        apiVersion: v1
        kind: Pod
        metadata: {name: web, namespace: a, labels: {app: web}}
        spec: {containers: [{name: web, image: web:1}]}
        ---
        apiVersion: networking.k8s.io/v1
        kind: NetworkPolicy
        metadata: {name: p, namespace: a}
        spec:
          podSelector:
            matchLabels: {app: wbe}
          ingress:
          - from:
            - ipBlock:
                cidr: 0.0.0.0/0
        """

    private static func report(_ text: String) throws -> CheckReport {
        CheckReport(try ManifestReader.parse(Data(text.utf8), file: "p.yaml"))
    }

    @Test("warnings have file, line and field, and are no errors")
    func places() throws {
        let report = try Self.report(Self.text)
        #expect(report.findings.isEmpty)
        #expect(
            report.warnings.map(\.description) == [
                "p.yaml:10: NetworkPolicy a/p: spec.podSelector: no pod of namespace a has app=wbe: the policy is about nothing [selects-nothing]",
                "p.yaml:15: NetworkPolicy a/p: spec.ingress[0].from[0].ipBlock.cidr: 0.0.0.0/0 is every address: allows every port from the internet [open-to-internet]",
                "p.yaml:3: Namespace a: no default deny for ingress and egress: a pod that no policy selects is open; add a policy with podSelector {} and policyTypes [Ingress, Egress] [no-default-deny]",
            ])
    }

    private static let administration = """
        apiVersion: policy.networking.k8s.io/v1alpha1
        kind: AdminNetworkPolicy
        metadata: {name: one}
        spec: {priority: 5, subject: {namespaces: {}}, ingress: [{action: Deny, from: [{namespaces: {}}]}]}
        ---
        apiVersion: policy.networking.k8s.io/v1alpha2
        kind: ClusterNetworkPolicy
        metadata: {name: two}
        spec:
          tier: Admin
          priority: 5
          subject: {namespaces: {}}
          ingress: [{action: Accept, from: [{namespaces: {}}]}]
        ---
        apiVersion: gabion.io/v1
        kind: Zone
        metadata: {name: data}
        spec:
          order: 1
          namespaceSelector: {}
          holes: [{from: {zone: app}, owner: o, reason: r}]
        """

    @Test("policies of all tiers and zones are counted and looked at, each at its place")
    func tiers() throws {
        let report = try Self.report(Self.administration)
        #expect(report.policyCount == 2 && report.zoneCount == 1)
        #expect(report.text(.table).hasPrefix("2 policies and 1 zone checked: no errors\n"))
        #expect(
            report.warnings.map { "\($0.finding.line ?? 0) \($0.rule)" } == [
                "13 shadowed-rule", "4 priority-tie", "11 priority-tie", "21 zone-fault",
            ])
    }

    @Test("JSON carries errors and warnings, each with its severity")
    func json() throws {
        let text = Self.text.replacing("cidr: 0.0.0.0/0", with: "cidr: 0.0.0.0/40")
        let value = try JSONDecoder().decode(JSONValue.self, from: Data(try Self.report(text).text(.json).utf8))
        let elements = try #require(value.array)
        #expect(elements.map { $0["severity"] } == ["error", "warning"])
        #expect(elements.last?["rule"] == "no-default-deny")
    }

    @Test("the text says that there are no errors, then every warning within 80 columns")
    func table() throws {
        let text = try Self.report(Self.text).text(.table)
        #expect(
            text.hasPrefix(
                "1 policy checked: no errors\n\n3 warnings\np.yaml:10: NetworkPolicy a/p: spec.podSelector\n")
        )
        for line in text.split(separator: "\n") { #expect(line.count <= 80, "\(line)") }
    }
}
