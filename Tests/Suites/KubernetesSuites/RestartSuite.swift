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

        @Test("agents killed one after another: no connection is lost, none fails, no stranger gets in")
        func agents() async throws {
            try await withLoad { cluster, _, load in
                for node in RealCluster.nodes {
                    let before = try await agent(cluster, node)
                    try await cluster.machine("crash", node, "agent")
                    load.check("\(node) without its agent")
                    // kubelet lets it wait when it is not the first time.
                    try await eventually("the agent of \(node) is ready", within: .seconds(90)) {
                        load.check("the agent of \(node) begins")
                        let now = try await agent(cluster, node)
                        return now.name == before.name && now.restarts > before.restarts && now.isReady
                    }
                    load.check("the agent of \(node) is back")
                }
            }
        }

        private func agent(_ cluster: RealCluster, _ node: String) async throws -> InstalledPod {
            let pods = try await cluster.installed("gabion-agent")
            return try #require(pods.first { $0.node == node }, "the agent of \(node)")
        }

        @Test(
            "all parts upgraded, all nodes at once: no connection is lost, none fails, no stranger gets in, pods come"
        )
        func upgrade() async throws {
            try await withLoad { cluster, namespace, load in
                let before = try await agent(cluster, "node-a").image
                let after = before.hasSuffix("-other") ? String(before.dropLast(6)) : before + "-other"
                let version = try #require(after.split(separator: ":").last)
                let start = ContinuousClock.now
                try await withThrowingTaskGroup(of: Void.self) { group in
                    group.addTask { try await cluster.install(image: after) }
                    group.addTask {
                        while !Task.isCancelled {
                            load.check("\(ContinuousClock.now - start) after the upgrade began")
                            try? await Task.sleep(for: .milliseconds(200))
                        }
                    }
                    try await group.next()
                    group.cancelAll()
                }
                print("upgrade: all parts on all nodes in \(ContinuousClock.now - start)")
                // A Deployment has finished before its last old pod is gone, and kubelet takes up to a minute to let one go.
                try await eventually("no pod of before is left", within: .seconds(90)) {
                    let pods = try await cluster.installed()
                    load.check("the last old pods go")
                    return Set(pods.map(\.version)) == [String(version)]
                        && pods.count == 5 * RealCluster.nodes.count + 2
                }
                let late = try await cluster.run(
                    RealCluster.nodes.map {
                        RealPod.manifest("late-\($0)", in: namespace, node: $0, labels: ["side": "in"])
                    })
                for pod in late.values { #expect(try connects(load.pods[0].network, pod.address), "\(pod.name)") }
                load.check("after the upgrade")
            }
        }

        @Test("a controller that acts is deleted, and the next one killed: what a namespace needs comes all the same")
        func controller() async throws {
            try await RealCluster.with { cluster in
                let first = try await acting(cluster, otherThan: nil)
                try await cluster.client.delete(Pod.self, first.name, in: RealCluster.namespace)
                let second = try await acting(cluster, otherThan: first)
                try await expectIdentity(cluster)
                try await cluster.machine("crash", second.node, "controller")
                try await expectIdentity(cluster)
            }
        }

        /// A controller gives namespaces their ids.
        private func expectIdentity(_ cluster: RealCluster) async throws {
            try await cluster.withNamespace { namespace in
                try await eventually("\(namespace) has its id", within: .seconds(30)) {
                    (try? await cluster.client.get(NetNamespace.self, namespace)) != nil
                }
            }
        }

        private func acting(_ cluster: RealCluster, otherThan last: InstalledPod?) async throws -> InstalledPod {
            try await eventualAnswer("a controller acts, and not \(last?.name ?? "nobody")", within: .seconds(30)) {
                let lease = try await cluster.client.get(Lease.self, "gabion-controller", in: "kube-system")
                return try await cluster.installed("gabion-controller")
                    .first { $0.name == lease.spec?.holderIdentity && $0.name != last?.name }
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
