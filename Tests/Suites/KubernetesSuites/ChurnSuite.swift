import ClusterAPI
import Foundation
import KubernetesClient
import LinuxSystem
import NetworkTypes
import TestSupport
import Testing

extension KubernetesSuites {
    @Suite("Pods in numbers", .serialized)
    struct ChurnSuite {
        /// In three minutes, on two cores that do nothing else; a busy machine can be asked for fewer.
        private static let count = Environment.value(of: "GABION_CHURN_PODS").flatMap { Int($0) } ?? 300

        @Test("hundreds of pods created and deleted at once leave no address, interface, route, rule or element")
        func churn() async throws {
            try await RealCluster.with { cluster in
                try await settle(cluster)
                let before = try traces(cluster)
                try await cluster.withNamespace { namespace in
                    try await cluster.create(
                        [
                            "apiVersion": "networking.k8s.io/v1", "kind": "NetworkPolicy",
                            "metadata": ["name": "own", "namespace": .string(namespace)],
                            "spec": ["podSelector": [:], "ingress": [["from": [["podSelector": [:]]]]]],
                        ])
                    let start = ContinuousClock.now
                    for number in 0..<Self.count {
                        try await cluster.create(
                            RealPod.manifest(
                                "churn-\(number)", in: namespace, node: RealCluster.nodes[number % 3],
                                container: ["command": ["sleep", "100000"], "ports": [], "readinessProbe": .null],
                                spec: ["terminationGracePeriodSeconds": 0]))
                    }
                    print("churn: \(Self.count) pods asked for in \(ContinuousClock.now - start)")
                    var addresses: Set<String> = []
                    try await eventually("\(Self.count) pods run", within: .seconds(200)) {
                        let pods = try await cluster.client.list(Pod.self, in: namespace).items.filter(\.isReady)
                        addresses = Set(pods.flatMap(\.addressTexts))
                        try await Task.sleep(for: .seconds(1))
                        return pods.count == Self.count
                    }
                    print("churn: they run \(ContinuousClock.now - start) after the first was asked for")
                    #expect(addresses.count == Self.count)
                    #expect(try traces(cluster) != before)
                }
                let start = ContinuousClock.now
                for node in RealCluster.nodes {
                    let left = try await difference(cluster, node, from: before[node] ?? [])
                    #expect(left.isEmpty, "\(node) is not as it was: \(left.prefix(8))")
                }
                print("churn: all of them gone \(ContinuousClock.now - start) after their deletion")
            }
        }

        /// What is there and was not, or was and is not, when it has had its time to go.
        private func difference(_ cluster: RealCluster, _ node: String, from before: [String]) async throws -> [String]
        {
            var left: [String] = []
            for _ in 0..<60 {
                let now = try trace(cluster, node)
                left = Set(now).symmetricDifference(before).map { (now.contains($0) ? "+ " : "- ") + $0 }
                if left.isEmpty { return [] }
                try await Task.sleep(for: .seconds(2))
            }
            return left.sorted()
        }

        /// Whatever earlier tests left to be done.
        private func settle(_ cluster: RealCluster) async throws {
            var last = try traces(cluster)
            try await eventually("the nodes are at peace", within: .seconds(60)) {
                try await Task.sleep(for: .seconds(2))
                let now = try traces(cluster)
                defer { last = now }
                return now == last
            }
        }

        private func traces(_ cluster: RealCluster) throws -> [String: [String]] {
            Dictionary(uniqueKeysWithValues: try RealCluster.nodes.map { ($0, try trace(cluster, $0)) })
        }

        /// What the kernel of a node holds and what its agent remembers, in a form that can be compared.
        private func trace(_ cluster: RealCluster, _ node: String) throws -> [String] {
            var lines: [String] = []
            let network = try cluster.network(of: node)
            for (program, arguments) in [
                ("/usr/sbin/ip", ["-o", "link"]), ("/usr/sbin/ip", ["-4", "route", "show", "table", "all"]),
                ("/usr/sbin/ip", ["-6", "route", "show", "table", "all"]),
                ("/usr/sbin/ip", ["neighbour", "show", "nud", "permanent"]), ("/usr/sbin/ip", ["rule"]),
                ("/usr/sbin/nft", ["-s", "list", "ruleset"]),
            ] {
                let text = try TestProgram.run(program, arguments, in: network, timeout: .seconds(60))
                lines += text.split(separator: "\n").map(String.init)
            }
            // Members of objects have no order of their own.
            let encoder = JSONEncoder()
            encoder.outputFormatting = .sortedKeys
            lines += try cluster.ledger(node).map { String(decoding: try encoder.encode($0), as: UTF8.self) }
            return lines.sorted()
        }
    }
}
