import ClusterAPI
import Foundation
import KubernetesClient
import Lab
import LinuxSystem
import NetworkTypes
import TestSupport
import Testing

@Suite(
    "A pod cannot be somebody else, and nothing new is open before its rules", .requiresRoot, .serialized,
    .timeLimit(.minutes(5)))
struct GuardSuite {
    @Test("packets from a forged address or MAC die on the pod's own interface, by name")
    func spoofing() async throws {
        let pods = [
            SuiteLab.pod("liar", node: "node-1"), SuiteLab.pod("victim", node: "node-1"),
            SuiteLab.pod("far", node: "node-2"),
        ]
        try await SuiteLab.with(objects: pods) { lab in
            let liar = try await lab.namespace(of: "shop/liar")
            let node = try await lab.namespace(of: "node/node-1")
            let far = try #require(try await addresses(lab)["shop/far"])
            let victim = try #require(try await addresses(lab)["shop/victim"])
            #expect(try connects(liar, far, source: nil))
            let before = try await drops(node)
            _ = try await SuiteLab.run(["ip", "address", "add", "\(victim)/32", "dev", "eth0"], in: liar)
            #expect(try !connects(liar, far, source: victim))
            _ = try await SuiteLab.run(["ip", "address", "del", "\(victim)/32", "dev", "eth0"], in: liar)
            _ = try await SuiteLab.run(["ip", "link", "set", "eth0", "address", "0a:58:de:ad:be:ef"], in: liar)
            #expect(try !connects(liar, far, source: nil))
            #expect(try await drops(node) > before)
        }
    }

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

    /// The packets that the node's named counter of forged packets has seen.
    private func drops(_ node: NamespaceReference) async throws -> Int64 {
        let text = try await SuiteLab.run(["nft", "-j", "list", "counters", "table", "inet", "gabion"], in: node)
        let listing = try JSONDecoder().decode(JSONValue.self, from: Data(text.utf8))
        return (listing["nftables"]?.array ?? []).compactMap { $0["counter"] }
            .filter { $0["name"]?.string?.contains("spoof") == true }.compactMap { $0["packets"]?.int }.reduce(0, +)
    }
}
