import ClusterAPI
import KubernetesClient
import LinuxSystem
import NetworkTypes
import TestSupport
import Testing

extension KubernetesSuites {
    @Suite("What leaves the cluster", .serialized)
    struct EgressSuite {
        /// Of the nodes' network, and nobody's.
        private static let (range, text) = ("192.168.252.96/28", "192.168.252.100")

        @Test(
            "a namespace's address is what the world sees of its pods, and moves when its node's power goes; no other is seen"
        )
        func address() async throws {
            try await RealCluster.with { cluster in
                try await cluster.withNamespace { namespace in
                    let pods = try await cluster.run([RealPod.manifest("client", in: namespace, node: "node-a")])
                    let client = try #require(pods["client"])
                    let node = "\(try cluster.address(of: "node-a"))"
                    #expect(try source(of: client) == node)
                    try await cluster.machine("add", "node-d")
                    do {
                        try await moves(cluster, namespace, client)
                    } catch {
                        try? await clear(cluster, namespace)
                        throw error
                    }
                    try await clear(cluster, namespace)
                    try await eventually("the pod leaves with its node's address again") {
                        (try? source(of: client)) == node
                    }
                }
            }
        }

        private func moves(_ cluster: RealCluster, _ namespace: String, _ client: RealPod) async throws {
            try await eventually("the new node is ready", within: .seconds(60)) {
                try await cluster.areReady(["node-d"])
            }
            try await offer(cluster, "node-d", [.string(Self.range)])
            try await cluster.client.patch(
                NetNamespace.self, namespace, with: .merge(["egressIPs": [.string(Self.text)]]))
            try await eventually("the world sees the address", within: .seconds(30)) {
                (try? source(of: client)) == Self.text
            }
            #expect(try await holders(cluster) == ["node-d"])
            // In the first second its witnesses change with each node that begins; who dies counting on none is never fenced.
            try await eventually("all its witnesses are other nodes, and it counts on them") {
                let object = try await cluster.client.get(EgressNode.self, "node-d")
                let witnesses = object.status?.witnesses?.sorted()
                return witnesses == RealCluster.nodes && witnesses == object.spec?.witnesses?.sorted()
            }
            try await offer(cluster, "node-c", [.string(Self.range)])
            let start = ContinuousClock.now
            try await cluster.machine("remove", "node-d")
            var seen: Set<String> = []
            try await eventually("the address is at another node", within: .seconds(30)) {
                guard let source = try? source(of: client) else { return false }
                seen.insert(source)
                return try await holders(cluster) == ["node-c"]
            }
            #expect(seen == [Self.text], "nothing leaves with another address")
            print("egress address: at another node \(ContinuousClock.now - start) after the power of its node was cut")
        }

        private func clear(_ cluster: RealCluster, _ namespace: String) async throws {
            _ = try? await cluster.machine("remove", "node-d")
            try? await cluster.client.delete(ClusterAPI.Node.self, "node-d")
            try? await offer(cluster, "node-c", .null)
            try await cluster.client.patch(NetNamespace.self, namespace, with: .merge(["egressIPs": .null]))
            try await eventually("nobody has the address", within: .seconds(30)) { try await holders(cluster).isEmpty }
        }

        private func offer(_ cluster: RealCluster, _ node: String, _ ranges: JSONValue) async throws {
            try await cluster.client.patch(HostSubnet.self, node, with: .merge(["egressCIDRs": ranges]))
        }

        /// Who has the address in its kernel, as the nodes say.
        private func holders(_ cluster: RealCluster) async throws -> [String] {
            try await cluster.client.list(EgressNode.self).items
                .filter { $0.addresses == [Self.text] && $0.status?.held?.map(\.address) == [Self.text] }
                .map(\.key.name)
        }

        /// The address that a host outside sees of it.
        private func source(of pod: RealPod) throws -> String {
            try HTTPAnswer.body(from: pod.network, RealCluster.partner, 80, path: "/cgi-bin/source")
        }

        @Test("a firewall's name opens its host for a pod's first connection, and no other host")
        func names() async throws {
            try await RealCluster.with { cluster in
                try await cluster.withNamespace { namespace in
                    try await cluster.create(
                        [
                            "apiVersion": "k8s.ovn.org/v1", "kind": "EgressFirewall",
                            "metadata": ["name": "default", "namespace": .string(namespace)],
                            "spec": [
                                "egress": [
                                    ["type": "Allow", "to": ["dnsName": "partner.example"]],
                                    ["type": "Deny", "to": ["cidrSelector": "0.0.0.0/0"]],
                                ]
                            ],
                        ])
                    let early = try #require(
                        try await cluster.run([RealPod.manifest("early", in: namespace, node: "node-b")])["early"])
                    for host in [RealCluster.partner, RealCluster.strangerHost] {
                        try await eventually("\(host) is closed") { try !connects(early.network, host, 80) }
                    }
                    let late = try #require(
                        try await cluster.run([RealPod.manifest("late", in: namespace, node: "node-c")])["late"])
                    for pod in [early, late] {
                        #expect(try await told(cluster, pod, "partner.example").contains("\(RealCluster.partner)"))
                        #expect(try source(of: pod) == "\(try cluster.address(of: pod.node))", "\(pod.name), at once")
                        let stranger = RealCluster.strangerHost
                        #expect(try await told(cluster, pod, "stranger.example").contains("\(stranger)"))
                        #expect(try !connects(pod.network, stranger, 80), "\(pod.name) to a name that is not open")
                    }
                    try await eventually("the firewall's status says that it is in force") {
                        let object = try await cluster.client.get(EgressFirewall.resource, "default", in: namespace)
                        return object["status"]?["status"]?.string?.isEmpty == false
                    }
                }
            }
        }

        /// What the pod's name server tells it.
        ///
        /// Asked again where one does not answer: of a node whose power another test cut, the service has a name server until the
        /// API has noticed.
        private func told(_ cluster: RealCluster, _ pod: RealPod, _ name: String) async throws -> String {
            var answer: String?
            try await eventually("\(pod.name) is told of \(name)", within: .seconds(60)) {
                answer = try? await cluster.execute(["nslookup", "-type=a", name], in: pod)
                return answer != nil
            }
            return try #require(answer)
        }
    }
}
