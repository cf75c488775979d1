import ClusterAPI
import Lab
import LinuxSystem
import TestSupport
import Testing

@Suite("Bandwidth of pods", .requiresRoot, .serialized, .timeLimit(.minutes(5)))
struct BandwidthSuite {
    @Test("a pod's annotations hold its traffic to a rate, near and far, over a restart of the agent, and go with it")
    func annotations() async throws {
        let slow = SuiteLab.pod(
            "slow", node: "node-1",
            annotations: ["kubernetes.io/ingress-bandwidth": "16M", "kubernetes.io/egress-bandwidth": "8M"])
        let others = [SuiteLab.pod("near", node: "node-1"), SuiteLab.pod("far", node: "node-2")]
        try await SuiteLab.with(.standard(ipv6: true), objects: [slow] + others) { lab in
            let node = try await lab.namespace(of: "node/node-1")
            try await measure(lab, "near", family: 0)
            try await measure(lab, "far", family: 1)
            let agent = try SuiteLab.process("agent-node-1", of: lab)
            try agent.send(.kill)
            try await eventually("another agent is ready", within: .seconds(30)) {
                (try? SuiteLab.process("agent-node-1", of: lab).pid).map { $0 != agent.pid } ?? false
            }
            try await measure(lab, "far", family: 0)
            try await lab.delete([slow])
            try await eventually("its queue is gone", within: .seconds(20)) {
                try await !SuiteLab.run(["ip", "-o", "link"], in: node).contains("gabq")
            }
        }
    }

    /// To the pod at 16 Mbit/s, from it at 8, and no limit between the others.
    private func measure(_ lab: Lab, _ other: String, family: Int) async throws {
        let pods = try await lab.snapshot().pods
        func address(_ name: String) throws -> String {
            try #require(pods.first { $0.key.name == name }?.addressTexts[family])
        }
        for (sender, receiver, megabytes) in [(other, "slow", 2.0), ("slow", other, 1.0)] {
            let rate = try await TransferRate.measure(
                from: lab.namespace(of: "shop/\(sender)"), to: lab.namespace(of: "shop/\(receiver)"),
                at: address(receiver))
            #expect((0.7...1.1).contains(rate / megabytes / 1e6), "\(sender) to \(receiver): \(rate) bytes per second")
        }
    }
}
