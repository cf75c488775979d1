import ClusterAPI
import Foundation
import KubernetesClient
import Lab
import LinuxSystem
import NetworkTypes
import PolicyEngine
import TestSupport
import Testing

@Suite("Staged policies on real connections", .requiresRoot, .serialized, .timeLimit(.minutes(4)))
struct StagedSuite {
    /// Denies what comes to the db.
    private static let cut: JSONValue = [
        "apiVersion": "gabion.io/v1", "kind": "StagedPolicy",
        "metadata": ["name": "db-closed", "namespace": "shop"],
        "spec": [
            "policy": [
                "apiVersion": "networking.k8s.io/v1", "kind": "NetworkPolicy",
                "spec": ["podSelector": ["matchLabels": ["app": "db"]], "policyTypes": ["Ingress"]],
            ]
        ],
    ]

    /// Allows what comes to the db, before the policy that denies it is asked.
    private static let open: JSONValue = [
        "apiVersion": "gabion.io/v1", "kind": "ClusterStagedPolicy", "metadata": ["name": "db-open"],
        "spec": [
            "policy": [
                "apiVersion": "policy.networking.k8s.io/v1alpha1", "kind": "AdminNetworkPolicy",
                "spec": [
                    "priority": 1, "subject": ["namespaces": [:]],
                    "ingress": [["action": "Allow", "from": [["namespaces": [:]]]]],
                ],
            ]
        ],
    ]

    @Test("a connection that would be cut goes on, new ones are made, and both show that they would be denied")
    func wouldDeny() async throws {
        let pods = [SuiteLab.pod("web", node: "node-1"), SuiteLab.pod("db", node: "node-2")]
        try await SuiteLab.with(objects: pods) { lab in
            let found = try await lab.snapshot().pods.first { $0.key.name == "db" }?.addressTexts.first
            let server = SocketAddress(try #require(found.flatMap { IPAddress($0) }), port: 8080)
            let client = try await lab.namespace(of: "shop/web")
            let stream = try EchoConversation(from: client, to: server)
            #expect(try stream.echoes("before"))
            #expect(try gabion("flows", lab, "--staged", "deny", "-o", "csv").split(separator: "\n").count == 2)
            try await lab.apply([Self.cut])
            // The connection began before anything was staged.
            var output = ""
            try await eventually("both nodes say what would become of it", within: .seconds(20)) {
                output = try gabion("flows", lab, "--staged", "differs", "-o", "csv")
                return ["node-1", "node-2"].allSatisfy { output.contains(",\($0),allowed,") }
            }
            #expect(output.contains("would deny (default deny ingress (NetworkPolicy shop/db-closed))"))
            #expect(try stream.echoes("after"))
            let second = try EchoConversation(from: client, to: server)
            #expect(try second.echoes("a new one"))
            try await eventually("the new connection is shown, too", within: .seconds(10)) {
                let lines = try gabion("flows", lab, "--staged", "deny", "--verdict", "allowed", "-o", "csv")
                    .split(separator: "\n").filter { $0.contains(",node-2,") }
                return lines.count == 2
            }
            let status = try gabion("status", lab)
            #expect(status.contains("1 staged") && status.contains("1 policy staged"), "\(status)")
            let diff = try gabion("policy", lab, "diff", "--staged", "--cluster", "--lab", "\(lab.directory.name)")
            #expect(diff.contains("disappears") && diff.hasSuffix("exit 1\n"), "\(diff)")
            try await lab.apply([Self.open])
            try await eventually("with both staged, the second decides", within: .seconds(20)) {
                let lines = try gabion("flows", lab, "--staged", "allow", "--port", "8080", "-o", "csv")
                    .split(separator: "\n").filter { $0.contains("AdminNetworkPolicy db-open ingress[0]") }
                return lines.count == 4
            }
            #expect(try stream.echoes("still"))
        }
    }

    @Test("who would read the cloud's metadata is shown, and stays kept from it")
    func wouldReadMetadata() async throws {
        let metadata = try #require(IPAddress("169.254.169.254"))
        var topology = LabTopology.standard()
        topology.outside = [LabTopology.OutsideHost(name: "cloud", addresses: [metadata])]
        try await SuiteLab.with(topology, objects: [SuiteLab.pod("web", node: "node-1")]) { lab in
            try await lab.apply([
                [
                    "apiVersion": "gabion.io/v1", "kind": "ClusterStagedPolicy", "metadata": ["name": "readers"],
                    "spec": [
                        "policy": [
                            "apiVersion": "gabion.io/v1", "kind": "MetadataAccess",
                            "spec": ["subject": ["namespaces": [:]]],
                        ]
                    ],
                ]
            ])
            let web = try await lab.namespace(of: "shop/web")
            try await eventually("the attempt is denied, and would be allowed", within: .seconds(20)) {
                #expect(
                    try TestSupport.Probe.connect(
                        from: web, to: SocketAddress(metadata, port: 80), timeout: .milliseconds(300)) != .connected)
                let lines = try gabion("flows", lab, "--staged", "differs", "--verdict", "denied", "-o", "csv")
                return lines.contains("metadata guard: \(metadata) is closed to shop/web")
                    && lines.contains("would allow")
            }
        }
    }

    /// What a verb prints, with its exit code.
    private func gabion(_ verb: String, _ lab: Lab, _ arguments: String...) throws -> String {
        let directories = lab.topology.nodes.flatMap { ["--run-dir", lab.directory.nodeRun($0.name)] }
        let words: [String] =
            switch verb {
            case "flows": [verb] + directories + arguments
            case "status": [verb, "--lab", "\(lab.directory.name)"] + arguments
            default: [verb] + arguments
            }
        let command = "\"$0\" \"$@\" 2>&1; echo exit $?"
        return try TestProgram.run(
            "/bin/bash", ["-c", command, try BuiltProgram.path("gabion")] + words, timeout: .seconds(30))
    }
}
