import ClusterAPI
import KubernetesClient
import LinuxSystem
import NetworkTypes
import TestSupport
import Testing

extension KubernetesSuites {
    @Suite("Addresses that move between nodes", .serialized)
    struct FailoverSuite {
        /// Of the nodes' network, and nobody's.
        private static let moving = "192.168.252.120"

        @Test("an address of a FailoverGroup answers at one node, and at another when the pod there goes or is killed")
        func moves() async throws {
            try await RealCluster.with { cluster in
                let group = "suite-" + UniqueName.next()
                try await Self.create(cluster, group)
                do {
                    let first = try await Self.place(cluster, group)
                    let pod = try #require(try await pod(cluster, first))
                    try await cluster.client.delete(Pod.self, pod.name, in: RealCluster.namespace)
                    let second = try await Self.place(cluster, group, otherThan: first)
                    try await cluster.machine("crash", second, "failover")
                    _ = try await Self.place(cluster, group, otherThan: second)
                    for node in [first, second] { try await isBack(cluster, node) }
                } catch {
                    try? await cluster.client.delete(FailoverGroup.self, group)
                    throw error
                }
                try await cluster.client.delete(FailoverGroup.self, group)
                try await eventually("nobody has it") { try Self.holders(cluster).isEmpty && !answers(cluster) }
            }
        }

        @Test("an address of a group with a key is at one node, and at another when the pod there is killed")
        func signed() async throws {
            try await RealCluster.with { cluster in
                let (group, secret) = ("suite-" + UniqueName.next(), "gabion-failover-suite")
                try await cluster.kubectl(
                    "create", "secret", "generic", secret, "-n", "kube-system", "--from-literal=key=not for long")
                do {
                    try await Self.create(cluster, group, secret: secret)
                    let first = try await Self.place(cluster, group)
                    try await cluster.machine("crash", first, "failover")
                    _ = try await Self.place(cluster, group, otherThan: first)
                    try await isBack(cluster, first)
                } catch {
                    try? await cluster.client.delete(FailoverGroup.self, group)
                    try await cluster.kubectl("delete", "secret", secret, "-n", "kube-system")
                    throw error
                }
                try await cluster.client.delete(FailoverGroup.self, group)
                try await cluster.kubectl("delete", "secret", secret, "-n", "kube-system")
                try await eventually("nobody has it") { try Self.holders(cluster).isEmpty }
            }
        }

        /// A group of all nodes with one address, which does not go back by itself.
        static func create(_ cluster: RealCluster, _ name: String, secret: String? = nil) async throws {
            var spec: JSONValue = ["addresses": [.string(moving)], "preemptDelaySeconds": 1_000]
            if let secret { spec["authSecretName"] = .string(secret) }
            try await cluster.create(
                [
                    "apiVersion": "gabion.io/v1", "kind": "FailoverGroup", "metadata": ["name": .string(name)],
                    "spec": spec,
                ])
        }

        /// The node that has the address, once it answers there, the status says so, and no other has it on an interface.
        static func place(_ cluster: RealCluster, _ group: String, otherThan last: String? = nil) async throws -> String
        {
            try await eventualAnswer(
                "one node has the address, and not \(last ?? "nobody")", within: .seconds(30)
            ) {
                let object = try await cluster.client.get(FailoverGroup.resource, group)
                let places = object["status"]?["addresses"]?.array ?? []
                guard let node = places.first(where: { $0["address"]?.string == moving })?["node"]?.string,
                    node != last,
                    try holders(cluster) == [node], try answers(cluster)
                else { return nil }
                return node
            }
        }

        private static func holders(_ cluster: RealCluster) throws -> [String] {
            try RealCluster.nodes.filter { node in
                try TestProgram.run(
                    "/usr/sbin/ip", ["-o", "-4", "address", "show", "dev", "eth0"], in: try cluster.network(of: node)
                ).contains(" \(moving)/")
            }
        }

        private static func answers(_ cluster: RealCluster) throws -> Bool {
            try TestSupport.Probe.ping(
                from: try cluster.network(of: RealCluster.outside), to: try #require(IPAddress(moving)))
        }

        private func answers(_ cluster: RealCluster) throws -> Bool { try Self.answers(cluster) }

        private func pod(_ cluster: RealCluster, _ node: String) async throws -> InstalledPod? {
            try await cluster.installed("gabion-failover").first { $0.node == node && $0.isReady }
        }

        private func isBack(_ cluster: RealCluster, _ node: String) async throws {
            try await eventually("failover of \(node) is ready", within: .seconds(90)) {
                try await pod(cluster, node) != nil
            }
        }
    }
}
