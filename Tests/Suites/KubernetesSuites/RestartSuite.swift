import ClusterAPI
import Foundation
import KubernetesClient
import LinuxSystem
import NetworkTypes
import TestSupport
import Testing

extension KubernetesSuites {
    @Suite("Programs that end and come back", .serialized)
    struct RestartSuite {
        /// Two pods on each node, and one that a policy keeps out of all others.
        private func withLoad(
            _ body: (_ cluster: RealCluster, _ namespace: String, _ load: Load) async throws -> Void
        ) async throws {
            try await RealCluster.with { cluster in
                try await cluster.withNamespace { namespace in
                    try await cluster.create(
                        [
                            "apiVersion": "networking.k8s.io/v1", "kind": "NetworkPolicy",
                            "metadata": ["name": "guests", "namespace": .string(namespace)],
                            "spec": [
                                "podSelector": ["matchLabels": ["side": "in"]],
                                "ingress": [["from": [["podSelector": ["matchLabels": ["side": "in"]]]]]],
                            ],
                        ])
                    let inside = RealCluster.nodes.flatMap { node in
                        (1...2).map { number in
                            RealPod.manifest("\(node)-\(number)", in: namespace, node: node, labels: ["side": "in"])
                        }
                    }
                    let stranger = RealPod.manifest("stranger", in: namespace, node: "node-b")
                    let pods = try await cluster.run(inside + [stranger])
                    let load = try Load(
                        pods: pods.values.filter { $0.name != "stranger" },
                        stranger: try #require(pods["stranger"]))
                    try await eventually("the policy is in force") { load.strangers == 0 }
                    try await body(cluster, namespace, load)
                }
            }
        }

        @Test(
            "agents killed one after another and started again: no connection is lost, none fails, no stranger gets in")
        func agents() async throws {
            try await withLoad { cluster, _, load in
                for node in RealCluster.nodes {
                    try await cluster.machine("stop", node, "agent", "KILL")
                    load.check("\(node) without its agent")
                    try await cluster.machine("start", node, "agent")
                    for _ in 0..<10 {
                        load.check("the agent of \(node) begins")
                        try await Task.sleep(for: .milliseconds(100))
                    }
                    try await eventually("the agent of \(node) is ready") {
                        try await cluster.isGabionReady(node)
                    }
                    load.check("the agent of \(node) is back")
                }
            }
        }

        @Test("the API server and etcd away for a minute: traffic and policy stay, what is asked later is done soon")
        func apiServer() async throws {
            try await withLoad { cluster, namespace, load in
                try await cluster.machine("stop", "control", "apiserver", "KILL")
                try await cluster.machine("stop", "control", "etcd")
                let end = ContinuousClock.now + .seconds(60)
                while ContinuousClock.now < end {
                    load.check("without an API server")
                    try await Task.sleep(for: .seconds(1))
                }
                try await cluster.machine("start", "control", "etcd")
                try await cluster.machine("start", "control", "apiserver")
                try await eventually("the API server answers", within: .seconds(60)) {
                    (try? await cluster.client.serverVersion()) != nil
                }
                try await cluster.client.delete(NetworkPolicy.self, "guests", in: namespace)
                try await eventually("what was asked afterwards holds", within: .seconds(10)) {
                    load.strangers == load.pods.count
                }
                let late = try await cluster.run([RealPod.manifest("late", in: namespace, node: "node-c")])
                let pod = try #require(late["late"])
                #expect(try connects(load.pods[0].network, pod.address))
                load.checkConversations("the API server is back")
            }
        }

        @Test("containerd and kubelet restarted: pods stay as they are, and new ones come")
        func runtime() async throws {
            try await withLoad { cluster, namespace, load in
                try await cluster.machine("stop", "node-a", "kubelet", "KILL")
                try await cluster.machine("stop", "node-a", "containerd")
                load.check("without a runtime")
                try await cluster.machine("start", "node-a", "containerd")
                try await cluster.machine("start", "node-a", "kubelet")
                load.check("with a new runtime")
                let late = try await cluster.run([RealPod.manifest("late", in: namespace, node: "node-a")])
                #expect(try connects(load.stranger.network, try #require(late["late"]).address))
                load.check("after a new pod")
            }
        }
    }
}

extension RealCluster {
    func isGabionReady(_ node: String) async throws -> Bool {
        try await client.get(ClusterAPI.Node.self, node).status?.conditions?
            .contains { $0.type == "GabionReady" && $0.status == "True" } ?? false
    }
}
