import CommandLineTool
import Foundation
import ManifestFiles
import Testing

/// `gabion policy check`: what it finds and where.
@Suite struct PolicyCheckTests {
    private func findings(_ text: String) throws -> [String] {
        CheckReport(try ManifestReader.parse(Data(text.utf8), file: "p.yaml")).findings.map(\.description)
    }

    private static let head =
        "apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: p, namespace: a}\nspec:\n"

    static let cases: [(String, [String])] = [
        ("  podSelector: {}\n", []),
        (
            "  podSelecter: {}\n",
            [
                "p.yaml:5: NetworkPolicy a/p: spec.podSelecter: unknown field; there are: egress, ingress, podSelector, policyTypes"
            ]
        ),
        (
            "  podSelector: {}\n  ingress:\n  - ports:\n    - port: 80\n      endPort: 79\n",
            [
                "p.yaml:9: NetworkPolicy a/p: spec.ingress[0].ports[0].endPort: Invalid value: 79: must be greater than or equal to `port`"
            ]
        ),
        (
            "  podSelector: {}\n  ingress:\n  - ports: [{endPort: 79}]\n",
            [
                "p.yaml:7: NetworkPolicy a/p: spec.ingress[0].ports[0].endPort: Invalid value: 79: may not be specified when `port` is not specified"
            ]
        ),
        (
            "  podSelector: {}\n  egress:\n  - to:\n    - ipBlock:\n        cidr: 10.0.0.0/8\n        except:\n        - 11.0.0.0/16\n",
            [
                "p.yaml:11: NetworkPolicy a/p: spec.egress[0].to[0].ipBlock.except[0]: Invalid value: \"11.0.0.0/16\": must be a strict subset of `cidr`"
            ]
        ),
        (
            "  podSelector: {}\n  policyTypes: [Ingres]\n",
            [
                "p.yaml:6: NetworkPolicy a/p: spec.policyTypes[0]: Unsupported value: \"Ingres\": supported values: \"Ingress\", \"Egress\""
            ]
        ),
        (
            "  podSelector: {}\n  ingress: [{from: [{}]}]\n",
            ["p.yaml:6: NetworkPolicy a/p: spec.ingress[0].from[0]: Required value: must specify a peer"]
        ),
        (
            "  podSelector: {matchExpressions: [{key: a, operator: In}]}\n",
            [
                "p.yaml:5: NetworkPolicy a/p: spec.podSelector.matchExpressions[0].values: Required value: must be specified when `operator` is 'In' or 'NotIn'"
            ]
        ),
        (
            "  podSelector: {matchLabels: {a: 5}}\n",
            [
                "p.yaml:5: NetworkPolicy a/p: spec.podSelector.matchLabels.a: json: cannot unmarshal number into field spec.podSelector.matchLabels.a of type string; put it in quotes"
            ]
        ),
        (
            "  podSelector: {}\n  ingress: [{ports: [{port: Not_A_Name}]}]\n",
            [
                "p.yaml:6: NetworkPolicy a/p: spec.ingress[0].ports[0].port: Invalid value: \"Not_A_Name\": must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)"
            ]
        ),
    ]

    @Test("each fault is found at its line and field, and a sound policy has none", arguments: cases)
    func finding(spec: String, expected: [String]) throws {
        #expect(try findings(Self.head + spec) == expected)
    }

    @Test("every fault of every object is reported")
    func all() throws {
        let text = Self.head + "  ingress: [{ports: [{port: 0}, {protocol: tcp}]}]\n---\n" + Self.head + "  egress: 5\n"
        #expect(try findings(text).count == 3)
    }

    /// Manifests of any known kind, with the places and fields that must be found.
    static let manifests: [(String, [String])] = [
        (
            """
            apiVersion: networking.k8s.io/v1
            kind: NetworkPolicy
            metadata:
              name: Bad_Name
              namespace: a
              labels: {"-x": y}
              annotations: {"a b": c}
            spec: {podSelector: {}}
            """, ["4 metadata.name", "6 metadata.labels", "7 metadata.annotations"]
        ),
        ("apiVersion: v1\nkind: Namespace\nmetadata:\n  name: a.b\n", ["4 metadata.name"]),
        (
            """
            apiVersion: v1
            kind: Service
            metadata: {name: web}
            spec:
              ports:
              - port: 80
                targetPort: -1
              - port: 70000
                name: b
            """,
            [
                "6 spec.ports[0].name", "7 spec.ports[0].targetPort", "8 spec.ports[1].port",
                "8 spec.ports[1].targetPort",
            ]
        ),
        ("apiVersion: v1\nkind: Node\nmetadata: {name: n}\nspec: {podCIDRs: [x]}\n", ["4 spec.podCIDRs[0]"]),
        (
            "apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec:\n  container: []\n",
            ["4 spec.containers", "5 spec.container"]
        ),
        ("apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: Unknown_Here}\n", []),
        ("apiVersion: apps/v1\nkind: NetworkPolicy\nmetadata: {name: p}\n", ["1 apiVersion"]),
        (
            """
            apiVersion: apiextensions.k8s.io/v1
            kind: CustomResourceDefinition
            metadata: {name: widgets.example.com}
            spec:
              group: example.com
              scope: Namespaced
              names: {plural: widgets, kind: Widget}
              versions: [{name: v1, served: true, storage: true, schema: {openAPIV3Schema: {type: object}}}]
            ---
            apiVersion: example.com/v1
            kind: Widget
            metadata: {name: W}
            size: 3
            """, ["12 metadata.name", "13 size"]
        ),
    ]

    @Test("every known kind is held against the server's rules, with line and field", arguments: manifests)
    func kinds(text: String, expected: [String]) throws {
        let findings = CheckReport(try ManifestReader.parse(Data(text.utf8), file: "p.yaml")).findings
        #expect(findings.map { "\($0.line ?? 0) \($0.field ?? "")" } == expected, "\(findings)")
    }
}
