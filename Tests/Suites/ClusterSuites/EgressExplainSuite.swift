import ClusterAPI
import Foundation
import KubernetesClient
import Lab
import LinuxSystem
import NetworkTypes
import PolicyEngine
import TestSupport
import Testing

/// What explain, trace, verify and flows say of a pod's way out of the cluster, and what its packets do.
@Suite("The way out is told as packets take it", .requiresRoot, .serialized, .timeLimit(.minutes(5)))
struct EgressExplainSuite {
    private static let text = "192.168.250.150"
    private static let pods = [SuiteLab.pod("web", node: "node-1"), SuiteLab.pod("other", node: "node-1")]

    private static let object: JSONValue = [
        "apiVersion": "k8s.ovn.org/v1", "kind": "EgressIP", "metadata": ["name": "partner"],
        "spec": [
            "egressIPs": [.string(text)], "namespaceSelector": [:],
            "podSelector": ["matchLabels": ["app": "web"]],
        ],
    ]

    @Test("dropped while nobody holds the address, then out by the node that does, and so it is told")
    func ways() async throws {
        try await SuiteLab.with(.standard(nodes: 2), objects: Self.pods) { lab in
            let outside = try #require(lab.topology.outside.first?.addresses.first)
            let flow = Flow(
                from: .pod(ObjectKey(namespace: "shop", name: "web")), to: .address(outside), transport: .icmp,
                port: nil)
            try await lab.apply([Self.object])
            try await eventually("the agent closes the pod", within: .seconds(40)) {
                try await lab.trace(flow, try await lab.snapshot()).death?.step.rule == "drop_no_egress_address"
            }
            let closed = try Self.gabion(lab, ["trace", "--from", "shop/web", "--to", "\(outside)", "--port", "ICMP"])
            #expect(closed.contains("the kernel does what the explanation says"), "\(closed)")
            #expect(closed.contains("DROPPED  shop/web -> \(outside) ICMP: drop_no_egress_address"), "\(closed)")
            try await agrees(lab, flow)

            try await lab.withClient { client in
                _ = try await client.patch(
                    Node.self, "node-2", with: .merge(["metadata": ["labels": [EgressIP.assignableLabel: ""]]]))
            }
            try await eventually("it leaves", within: .seconds(40)) {
                try await lab.trace(flow, try await lab.snapshot()).outcome?.isReached == true
            }
            let open = try Self.gabion(lab, ["trace", "--from", "shop/web", "--to", "\(outside)", "--port", "ICMP"])
            #expect(open.contains("leaves as \(Self.text) by node-2 (EgressIP partner)"), "\(open)")
            #expect(open.contains("the kernel does what the explanation says"), "\(open)")
            #expect(open.contains("node node-2"), "the holder is on its way: \(open)")
            try await agrees(lab, flow)
            let other = try Self.gabion(
                lab, ["policy", "explain", "--from", "shop/other", "--to", "\(outside)", "--port", "ICMP"])
            #expect(other.contains("leaves with the address of its node, node-1"), "\(other)")

            let status = try Self.gabion(lab, ["status"])
            #expect(status.contains("node-2 (EgressIP partner)"), "\(status)")
            try await eventually("the flow log has the way", within: .seconds(20)) {
                try Self.gabion(lab, ["flows", "--pod", "shop/web", "-o", "csv"]).contains("\(Self.text),node-2")
            }
        }
    }

    private func agrees(_ lab: Lab, _ flow: Flow) async throws {
        let answers = try await lab.verify([flow], try await lab.snapshot())
        #expect(answers.count == 1 && answers.filter(\.differs).isEmpty, "\(answers)")
    }

    private static func gabion(_ lab: Lab, _ words: [String]) throws -> String {
        try TestProgram.run(
            "/bin/bash",
            ["-c", "\"$0\" \"$@\" 2>&1; true", try BuiltProgram.path("gabion")] + words
                + ["--lab", lab.directory.name.text], timeout: .seconds(30))
    }
}
