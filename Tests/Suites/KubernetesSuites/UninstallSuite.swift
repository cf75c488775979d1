import ClusterAPI
import Foundation
import KubernetesClient
import LinuxSystem
import TestSupport
import Testing

extension KubernetesSuites {
    /// Only when it is asked for, after all others: there is no network any more.
    @Suite("Uninstalled", .serialized, .enabled(if: Environment.value(of: "GABION_KUBERNETES_LAST") != nil))
    struct UninstallSuite {
        @Test("nodes are as they were before, even with pods that still run, and the API has no object of ours")
        func uninstall() async throws {
            try await RealCluster.with { cluster in
                try await cluster.withNamespace { namespace in
                    try await use(cluster, namespace)
                    for node in RealCluster.nodes {
                        #expect(try await cluster.machine("traces", node) != before(node), "\(node) in use")
                    }
                    let start = ContinuousClock.now
                    try await cluster.gabion("uninstall", "--definitions")
                    print("uninstall: \(ContinuousClock.now - start)")
                    for node in RealCluster.nodes {
                        let now = Set(try await cluster.machine("traces", node).split(separator: "\n"))
                        let then = Set(try before(node).split(separator: "\n"))
                        #expect(now.subtracting(then) == [], "\(node) has more than it had")
                        #expect(then.subtracting(now) == [], "\(node) has less than it had")
                    }
                    try await expectNothing(cluster)
                }
            }
        }

        /// Pods, a policy, a service and an address of the nodes that are there all the time.
        private func use(_ cluster: RealCluster, _ namespace: String) async throws {
            try await cluster.create(
                [
                    "apiVersion": "networking.k8s.io/v1", "kind": "NetworkPolicy",
                    "metadata": ["name": "own", "namespace": .string(namespace)],
                    "spec": ["podSelector": [:], "ingress": [["from": [["podSelector": [:]]]]]],
                ])
            try await cluster.create(
                [
                    "apiVersion": "v1", "kind": "Service",
                    "metadata": ["name": "web", "namespace": .string(namespace)],
                    "spec": ["type": "NodePort", "selector": ["app": "node-a"], "ports": [["port": 80]]],
                ])
            let pods = try await cluster.run(
                RealCluster.nodes.map { RealPod.manifest($0, in: namespace, node: $0) })
            #expect(pods.count == RealCluster.nodes.count)
            try await FailoverSuite.create(cluster, namespace)
            let first = try await FailoverSuite.place(cluster, namespace)
            // Killed, it takes nothing off; that is its successor's, or the cleanup's.
            try await cluster.machine("crash", first, "failover")
        }

        /// What `up` wrote down before it installed anything.
        private func before(_ node: String) throws -> String {
            try String(contentsOfFile: "\(RealCluster.state)/before/\(node)", encoding: .utf8)
        }

        private func expectNothing(_ cluster: RealCluster) async throws {
            let kinds = try await cluster.kubectl("api-resources", "--verbs=list", "-o", "name")
                .split(separator: "\n").map(String.init)
            #expect(kinds.count > 20)
            #expect(kinds.filter { $0.hasSuffix(".gabion.io") || $0.hasSuffix("network.openshift.io") } == [])
            let ours = try await cluster.kubectl(
                "get", kinds.joined(separator: ","), "-A", "-o", "name",
                "-l", "app.kubernetes.io/managed-by=gabion-install")
            #expect(ours.isEmpty, "objects of the installation")
            let leases = try await cluster.client.list(Lease.self).items.map(\.key.name)
            #expect(leases.filter { $0.contains("gabion") || $0.contains("egress") } == [])
            for node in try await cluster.client.list(ClusterAPI.Node.resource).items {
                let conditions = node["status"]?["conditions"]?.array?.compactMap { $0["type"]?.string } ?? []
                #expect(conditions.contains("Ready"))
                #expect(!conditions.contains("GabionReady") && !conditions.contains("NetworkUnavailable"))
                let notes = node["metadata"]?["annotations"]?.object?.keys.filter { $0.contains("gabion") }
                #expect(notes ?? [] == [])
            }
        }
    }
}
