import ClusterAPI
import KubernetesClient
import LinuxSystem
import NetworkTypes
import TestSupport
import Testing

extension KubernetesSuites {
    @Suite("Nodes that come and go", .serialized)
    struct NodeSuite {
        @Test("a node is added and drained, its power goes, and its Node is deleted: nothing of it stays anywhere")
        func addedAndRemoved() async throws {
            try await RealCluster.with { cluster in
                try await cluster.withNamespace { namespace in
                    try await cluster.machine("add", "node-d")
                    do {
                        try await live(cluster, namespace)
                        try await cluster.machine("remove", "node-d")
                        try await goes(cluster)
                    } catch {
                        _ = try? await cluster.machine("remove", "node-d")
                        try? await cluster.client.delete(ClusterAPI.Node.self, "node-d")
                        throw error
                    }
                }
            }
        }

        private func live(_ cluster: RealCluster, _ namespace: String) async throws {
            try await eventually("the new node is ready", within: .seconds(60)) {
                try await cluster.areReady(["node-d"])
            }
            let pods = try await cluster.run([
                RealPod.manifest("guest", in: namespace, node: "node-d"),
                RealPod.manifest("host", in: namespace, node: "node-a"),
            ])
            let (guest, host) = (try #require(pods["guest"]), try #require(pods["host"]))
            #expect(try connects(host.network, guest.address))
            #expect(try connects(guest.network, host.address))
            let subnet = try await cluster.client.get(HostSubnet.self, "node-d").subnet
            #expect(try routes(cluster, "node-a").contains(subnet))
            try await cluster.kubectl("drain", "node-d", "--ignore-daemonsets", "--force")
            try await eventually("the drained node has no pod but its name server", within: .seconds(30)) {
                try cluster.ledger("node-d").count == 1
            }
            #expect(try !connects(host.network, guest.address))
        }

        private func goes(_ cluster: RealCluster) async throws {
            let subnet = try await cluster.client.get(HostSubnet.self, "node-d").subnet
            try await eventually("the node is missed", within: .seconds(60)) {
                try await !cluster.areReady(["node-d"])
            }
            try await cluster.client.delete(ClusterAPI.Node.self, "node-d")
            try await eventually("its subnet is free", within: .seconds(30)) {
                try await !cluster.client.list(HostSubnet.self).items.contains { $0.key.name == "node-d" }
            }
            for node in RealCluster.nodes {
                try await eventually("\(node) leads nothing there", within: .seconds(20)) {
                    try !routes(cluster, node).contains(subnet)
                }
            }
        }

        @Test("a node that reboots takes its pods up again, closed as before, and remembers none that it no longer has")
        func rebooted() async throws {
            try await RealCluster.with { cluster in
                try await cluster.withNamespace { namespace in
                    try await cluster.create(
                        [
                            "apiVersion": "networking.k8s.io/v1", "kind": "NetworkPolicy",
                            "metadata": ["name": "one", "namespace": .string(namespace)],
                            "spec": [
                                "podSelector": ["matchLabels": ["app": "server"]],
                                "ingress": [["from": [["podSelector": ["matchLabels": ["app": "friend"]]]]]],
                            ],
                        ])
                    let pods = try await cluster.run([
                        RealPod.manifest("server", in: namespace, node: "node-c"),
                        RealPod.manifest("friend", in: namespace, node: "node-a"),
                        RealPod.manifest("stranger", in: namespace, node: "node-b"),
                    ])
                    let (friend, stranger) = (try #require(pods["friend"]), try #require(pods["stranger"]))
                    try await cluster.machine("reboot", "node-c")
                    try await eventually("the pod runs again", within: .seconds(90)) {
                        let pod = try await cluster.client.get(Pod.resource, "server", in: namespace)
                        let container = pod["status"]?["containerStatuses"]?.array?.first
                        return container?["restartCount"]?.int ?? 0 > 0
                    }
                    let server = try #require(try await cluster.pods(["server"], in: namespace)["server"])
                    try await eventually("the friend gets in") { try connects(friend.network, server.address) }
                    #expect(try !connects(stranger.network, server.address))
                    #expect(try connects(server.network, friend.address))
                    // Pods of earlier tests may still be going.
                    try await eventually("the agent remembers this pod and the name server", within: .seconds(60)) {
                        try cluster.ledger("node-c").count == 2
                    }
                }
            }
        }

        private func routes(_ cluster: RealCluster, _ node: String) throws -> String {
            try TestProgram.run(
                "/usr/sbin/ip", ["-4", "route", "show", "table", "all"], in: try cluster.network(of: node))
        }
    }
}
