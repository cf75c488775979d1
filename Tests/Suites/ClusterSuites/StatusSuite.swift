import ClusterAPI
import Foundation
import Lab
import LinuxSystem
import TestSupport
import Testing

@Suite("gabion status", .requiresRoot, .serialized, .timeLimit(.minutes(3)))
struct StatusSuite {
    @Test("shows the agents and the lab of the cluster that is asked, and of no other")
    func twoLabs() async throws {
        try await SuiteLab.with(.standard(nodes: 2), objects: []) { first in
            try await SuiteLab.with(.standard(nodes: 1), objects: []) { second in
                for (lab, agents) in [(first, ["agent node-1", "agent node-2"]), (second, ["agent node-1"])] {
                    let name = lab.directory.name
                    for choice in ["--lab \(name)", "--kubeconfig \(lab.directory.adminKubeconfig)"] {
                        let parts = try await parts(of: choice)
                        #expect(parts.filter { $0.hasPrefix("agent") } == agents, "\(choice)")
                        #expect(parts.filter { $0.hasPrefix("lab") } == ["lab \(name)"], "\(choice)")
                    }
                }
                let elsewhere = try await parts(of: "--kubeconfig /nowhere/kubeconfig")
                #expect(elsewhere.contains("API server"))
                #expect(!elsewhere.contains { $0.hasPrefix("lab") || $0.hasPrefix("agent node-") })
            }
        }
    }

    private func parts(of choice: String) async throws -> [String] {
        let gabion = try LabBinaries().gabion
        // Its exit code is of no account here: nodes may not be ready yet.
        let text = try await SuiteLab.run(["sh", "-c", "'\(gabion)' status -o json \(choice) || true"], in: .current)
        let list = try JSONDecoder().decode(JSONValue.self, from: Data(text.utf8))
        return (list.array ?? []).compactMap { $0["part"]?.string }
    }
}
