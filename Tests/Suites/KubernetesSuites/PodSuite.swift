import ClusterAPI
import Foundation
import KubernetesClient
import LinuxSystem
import NetworkTypes
import TestSupport
import Testing

extension KubernetesSuites {
    @Suite("Pods that a real kubelet and containerd attach", .serialized)
    struct PodSuite {
        @Test("pods over three nodes reach each other and all nodes, and nodes reach them")
        func everybodyReachesEverybody() async throws {
            try await RealCluster.with { cluster in
                try await cluster.withNamespace { namespace in
                    let pods = try await cluster.run(
                        RealCluster.nodes.flatMap { node in
                            (1...2).map { RealPod.manifest("\(node)-\($0)", in: namespace, node: node) }
                        })
                    #expect(Set(pods.values.map(\.address)).count == 6)
                    for from in pods.values {
                        for to in pods.values {
                            #expect(try connects(from.network, to.address), "\(from.name) to \(to.name)")
                        }
                        for node in RealCluster.nodes {
                            // kubelet's own port.
                            let address = try cluster.address(of: node)
                            #expect(try connects(from.network, address, 10250), "\(from.name) to \(node)")
                        }
                        let conversation = try Conversation(from: from.network, to: from.address)
                        #expect(conversation.echoes("itself"))
                    }
                    for node in RealCluster.nodes {
                        for to in pods.values {
                            let network = try cluster.network(of: node)
                            #expect(try connects(network, to.address), "\(node) to \(to.name)")
                        }
                    }
                }
            }
        }

        @Test("each pod has an address of its node's HostSubnet, as the API says and as its kernel has it")
        func addresses() async throws {
            try await RealCluster.with { cluster in
                try await cluster.withNamespace { namespace in
                    let pods = try await cluster.run(
                        RealCluster.nodes.map { RealPod.manifest($0, in: namespace, node: $0) })
                    for pod in pods.values {
                        let subnet = try await cluster.client.get(HostSubnet.self, pod.node)
                        #expect(
                            CIDR(subnet.subnet)?.contains(pod.address) == true, "\(pod.address) in \(subnet.subnet)")
                        let node = try await cluster.client.get(ClusterAPI.Node.resource, pod.node)
                        #expect(node["spec"]?["podCIDR"]?.string == subnet.subnet)
                        let kernel = try TestProgram.run(
                            "/usr/sbin/ip", ["-o", "-4", "addr", "show", "dev", "eth0"], in: pod.network)
                        #expect(kernel.contains("inet \(pod.address)/32"))
                    }
                }
            }
        }

        @Test("kubelet's probes reach a pod that a policy closes to everybody, and find one that does not answer")
        func probes() async throws {
            try await RealCluster.with { cluster in
                try await cluster.withNamespace { namespace in
                    try await cluster.create(
                        [
                            "apiVersion": "networking.k8s.io/v1", "kind": "NetworkPolicy",
                            "metadata": ["name": "closed", "namespace": .string(namespace)],
                            "spec": ["podSelector": [:], "policyTypes": ["Ingress", "Egress"]],
                        ])
                    let probes: [String: JSONValue] = [
                        "get": ["httpGet": ["path": "/", "port": "http"]], "dial": ["tcpSocket": ["port": "echo"]],
                        "run": ["exec": ["command": ["test", "-e", "/tmp/index.html"]]],
                    ]
                    let manifests = probes.map { name, probe in
                        var probe = probe
                        probe["periodSeconds"] = 1
                        return RealPod.manifest(
                            name, in: namespace, container: ["readinessProbe": probe, "livenessProbe": probe])
                    }
                    let deaf: JSONValue = ["tcpSocket": ["port": 81], "periodSeconds": 1]
                    let pods = try await cluster.run(manifests)
                    try await cluster.create(
                        RealPod.manifest("deaf", in: namespace, container: ["readinessProbe": deaf]))
                    try await eventually("the deaf pod runs", within: .seconds(30)) {
                        try await cluster.client.get(Pod.self, "deaf", in: namespace).status?.phase == "Running"
                    }
                    try await Task.sleep(for: .seconds(3))
                    let now = try await cluster.client.list(Pod.self, in: namespace).items
                    #expect(now.filter(\.isReady).map(\.key.name).sorted() == ["dial", "get", "run"])
                    let first = try #require(pods["get"])
                    for other in pods.values where other.name != first.name {
                        #expect(try !connects(other.network, first.address), "the policy closes the pod")
                    }
                }
            }
        }
    }
}
