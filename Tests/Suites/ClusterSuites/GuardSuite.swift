import ClusterAPI
import Foundation
import KubernetesClient
import Lab
import LinuxSystem
import NetworkTypes
import TestSupport
import Testing

@Suite("Nothing new is open before its rules", .requiresRoot, .serialized, .timeLimit(.minutes(5)))
struct GuardSuite {
    @Test("a pod that starts under a default deny is never reachable, not for one packet")
    func closedFromTheStart() async throws {
        let deny = SuiteLab.policy("deny", spec: ["podSelector": [:], "policyTypes": ["Ingress"]])
        let prober = SuiteLab.pod("prober", in: "watch", node: "node-2")
        try await SuiteLab.with(objects: [deny, prober]) { lab in
            let source = try await lab.namespace(of: "watch/prober")
            // The next addresses of the node's subnet, asked for all the while the pods come up.
            let subnet = try #require(
                try await lab.withClient { try await $0.list(HostSubnet.self).items }
                    .first { $0.host == "node-1" }.flatMap { CIDR($0.subnet) })
            let targets = (2..<12).compactMap { subnet.address.advanced(by: $0) }
            async let reached = SuiteLab.reached(from: source, targets, port: 8080, for: .seconds(6))
            try await lab.apply((0..<6).map { SuiteLab.pod("late-\($0)", node: "node-1") })
            try await eventually("the pods run", within: .seconds(30)) {
                try await lab.snapshot().pods.filter { !$0.addressTexts.isEmpty }.count == 7
            }
            #expect(try await reached.isEmpty)
            // The same pods are there and answer once the policy goes: it was not the wire that was silent.
            try await lab.delete([deny])
            let late = try #require(try await addresses(lab)["shop/late-0"])
            try await eventually("the pods answer without the policy") {
                try connects(source, late, source: nil)
            }
        }
    }

    private func connects(_ namespace: NamespaceReference, _ address: IPAddress, source: IPAddress?) throws -> Bool {
        let outcome = try TestSupport.Probe.connect(
            from: namespace, to: SocketAddress(address, port: 8080), source: source, timeout: .milliseconds(500))
        return outcome == .connected
    }

    private func addresses(_ lab: Lab) async throws -> [String: IPAddress] {
        let pairs = try await lab.snapshot().pods.compactMap { pod in
            pod.addressTexts.first.flatMap { IPAddress($0) }.map { (pod.key.description, $0) }
        }
        return Dictionary(pairs) { first, _ in first }
    }
}
