import ClusterAPI
import Foundation
import KubernetesClient
import LinuxSystem
import NetworkTypes
import TestSupport
import Testing

extension KubernetesSuites {
    @Suite("Services without kube-proxy", .serialized)
    struct ServiceSuite {
        private static func service(_ name: String, in namespace: String, _ more: [String: JSONValue]) -> JSONValue {
            let spec: [String: JSONValue] = [
                "selector": ["tier": "back"], "ports": [["name": "http", "port": 80, "targetPort": "http"]],
            ]
            return [
                "apiVersion": "v1", "kind": "Service",
                "metadata": ["name": .string(name), "namespace": .string(namespace)],
                "spec": .object(spec.merging(more) { _, new in new }),
            ]
        }

        private func backends(_ namespace: String) -> [JSONValue] {
            RealCluster.nodes.map {
                RealPod.manifest(
                    "back-\($0)", in: namespace, node: $0, labels: ["tier": "back"],
                    container: ["readinessProbe": ["tcpSocket": ["port": "http"], "periodSeconds": 1]])
            }
        }

        /// Who answers there, asked so often that everybody who may answer does.
        private func answerers(
            _ network: NamespaceReference, _ address: IPAddress, _ port: UInt16 = 80, times: Int = 40
        ) throws -> Set<String> {
            var names: Set<String> = []
            for _ in 0..<times { names.insert(try HTTPAnswer.body(from: network, address, port)) }
            return names
        }

        @Test("a cluster address leads pods and nodes to every ready endpoint, and to one that is deleted no more")
        func clusterAddress() async throws {
            try await RealCluster.with { cluster in
                try await cluster.withNamespace { namespace in
                    let pods = try await cluster.run(
                        backends(namespace) + [RealPod.manifest("client", in: namespace, node: "node-a")])
                    try await cluster.create(Self.service("web", in: namespace, [:]))
                    let service = try await cluster.client.get(Service.self, "web", in: namespace)
                    let address = try #require(service.spec?.clusterIP.flatMap { IPAddress($0) })
                    let client = try #require(pods["client"]).network
                    let all: Set = ["back-node-a", "back-node-b", "back-node-c"]
                    try await eventually("all endpoints answer") {
                        (try? answerers(client, address)) == all
                    }
                    #expect(try answerers(try cluster.network(of: "node-c"), address) == all)
                    try await cluster.client.delete(Pod.self, "back-node-b", in: namespace)
                    try await eventually("the deleted one answers no more") {
                        (try? answerers(client, address)) == all.subtracting(["back-node-b"])
                    }
                }
            }
        }

        @Test(
            "a node port answers at every node from outside, and where traffic is local only with the node's own pods")
        func nodePort() async throws {
            try await RealCluster.with { cluster in
                try await cluster.withNamespace { namespace in
                    let two = Array(backends(namespace).prefix(2))
                    _ = try await cluster.run(two)
                    try await cluster.create(Self.service("open", in: namespace, ["type": "NodePort"]))
                    try await cluster.create(
                        Self.service("local", in: namespace, ["type": "NodePort", "externalTrafficPolicy": "Local"]))
                    let open = try await port(of: "open", in: namespace, cluster)
                    let local = try await port(of: "local", in: namespace, cluster)
                    let outside = try cluster.network(of: RealCluster.outside)
                    for node in RealCluster.nodes {
                        let address = try cluster.address(of: node)
                        try await eventually("both endpoints answer at \(node)") {
                            (try? answerers(outside, address, open)) == ["back-node-a", "back-node-b"]
                        }
                        if node == "node-c" {
                            #expect(try !connects(outside, address, local))
                        } else {
                            try await eventually("\(node) answers with its own") {
                                (try? answerers(outside, address, local)) == ["back-\(node)"]
                            }
                        }
                    }
                }
            }
        }

        private func port(of name: String, in namespace: String, _ cluster: RealCluster) async throws -> UInt16 {
            let object = try await cluster.client.get(Service.resource, name, in: namespace)
            return try #require(object["spec"]?["ports"]?.array?.first?["nodePort"]?.int.flatMap(UInt16.init(exactly:)))
        }

        @Test("pods reach the API server at the service 'kubernetes'")
        func kubernetesService() async throws {
            try await RealCluster.with { cluster in
                try await cluster.withNamespace { namespace in
                    let pods = try await cluster.run(
                        RealCluster.nodes.map { RealPod.manifest("client-\($0)", in: namespace, node: $0) })
                    let service = try await cluster.client.get(Service.self, "kubernetes", in: "default")
                    let address = try #require(service.spec?.clusterIP.flatMap { IPAddress($0) })
                    for pod in pods.values {
                        try await eventually("\(pod.name) reaches it") { try connects(pod.network, address, 443) }
                    }
                }
            }
        }

        @Test("pods find services by name, as kubelet tells them whom to ask")
        func names() async throws {
            try await RealCluster.with { cluster in
                try await cluster.withNamespace { namespace in
                    let pods = try await cluster.run(
                        backends(namespace) + [RealPod.manifest("client", in: namespace, node: "node-c")])
                    try await cluster.create(Self.service("web", in: namespace, [:]))
                    let client = try #require(pods["client"])
                    for name in ["web", "web.\(namespace)", "web.\(namespace).svc.cluster.local"] {
                        try await eventually("\(name) is found") {
                            let body = try? await cluster.execute(["wget", "-qO-", "http://\(name)/"], in: client)
                            return body?.hasPrefix("back-node-") ?? false
                        }
                    }
                }
            }
        }
    }
}
