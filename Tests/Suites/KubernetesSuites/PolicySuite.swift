import ClusterAPI
import KubernetesClient
import LinuxSystem
import NetworkTypes
import TestSupport
import Testing

extension KubernetesSuites {
    @Suite("NetworkPolicies of a real API server, on real packets", .serialized)
    struct PolicySuite {
        private static func policy(_ name: String, in namespace: String, _ spec: JSONValue) -> JSONValue {
            [
                "apiVersion": "networking.k8s.io/v1", "kind": "NetworkPolicy",
                "metadata": ["name": .string(name), "namespace": .string(namespace)], "spec": spec,
            ]
        }

        @Test(
            "a policy admits whom it names, at the port it names, from any node, and nobody else; without it all pass")
        func ingress() async throws {
            try await RealCluster.with { cluster in
                try await cluster.withNamespace { namespace in
                    let clients = RealCluster.nodes.flatMap { node in
                        ["friend", "stranger"].map { role in
                            RealPod.manifest("\(role)-\(node)", in: namespace, node: node, labels: ["role": role])
                        }
                    }
                    let server = RealPod.manifest("server", in: namespace, node: "node-b", labels: ["role": "server"])
                    let pods = try await cluster.run(clients + [server])
                    let target = try #require(pods["server"]?.address)
                    let others = pods.values.filter { $0.name != "server" }
                    for pod in others { #expect(try connects(pod.network, target), "\(pod.name), before") }
                    try await cluster.create(
                        Self.policy(
                            "friends-only", in: namespace,
                            [
                                "podSelector": ["matchLabels": ["role": "server"]],
                                "ingress": [
                                    [
                                        "from": [["podSelector": ["matchLabels": ["role": "friend"]]]],
                                        "ports": [["port": "http"]],
                                    ]
                                ],
                            ]))
                    let stranger = try #require(pods["stranger-node-a"])
                    try await eventually("the policy is in force") { try !connects(stranger.network, target) }
                    for pod in others {
                        let isFriend = pod.name.hasPrefix("friend")
                        #expect(try connects(pod.network, target) == isFriend, "\(pod.name) to http")
                        #expect(try !connects(pod.network, target, RealPod.echo), "\(pod.name) to echo")
                    }
                    try await cluster.client.delete(NetworkPolicy.self, "friends-only", in: namespace)
                    try await eventually("all pass again") { try connects(stranger.network, target) }
                }
            }
        }

        @Test("labels of namespaces, blocks of addresses and ways out count; a label that changes counts at once")
        func selectorsAndEgress() async throws {
            try await RealCluster.with { cluster in
                try await cluster.withNamespace { home in
                    try await cluster.withNamespace(labels: ["team": "away"]) { away in
                        let pods = try await cluster.run([
                            RealPod.manifest("server", in: home, node: "node-a"),
                            RealPod.manifest("neighbour", in: home, node: "node-c"),
                        ])
                        let visitor = try #require(
                            try await cluster.run([RealPod.manifest("visitor", in: away, node: "node-b")])["visitor"])
                        let server = try #require(pods["server"])
                        let neighbour = try #require(pods["neighbour"])
                        try await cluster.create(
                            Self.policy(
                                "in", in: home,
                                [
                                    "podSelector": ["matchLabels": ["app": "server"]],
                                    "ingress": [["from": [["namespaceSelector": ["matchLabels": ["team": "away"]]]]]],
                                ]))
                        try await cluster.create(
                            Self.policy(
                                "out", in: away,
                                [
                                    "podSelector": [:], "policyTypes": ["Egress"],
                                    "egress": [
                                        ["to": [["ipBlock": ["cidr": .string("\(server.address)/32")]]]]
                                    ],
                                ]))
                        try await eventually("both are in force") {
                            try !connects(neighbour.network, server.address)
                                && !connects(visitor.network, neighbour.address)
                        }
                        #expect(try connects(visitor.network, server.address))
                        try await cluster.client.patch(
                            Namespace.self, away, with: .merge(["metadata": ["labels": ["team": "home"]]]))
                        try await eventually("the namespace is another team's", within: .seconds(5)) {
                            try !connects(visitor.network, server.address)
                        }
                    }
                }
            }
        }

        @Test("a new policy ends the connection that it denies, and no other")
        func revocation() async throws {
            try await RealCluster.with { cluster in
                try await cluster.withNamespace { namespace in
                    let pods = try await cluster.run([
                        RealPod.manifest("server", in: namespace, node: "node-a"),
                        RealPod.manifest("friend", in: namespace, node: "node-b"),
                        RealPod.manifest("stranger", in: namespace, node: "node-c"),
                    ])
                    let server = try #require(pods["server"])
                    let friend = try Conversation(
                        from: try #require(pods["friend"]).network, to: server.address)
                    let stranger = try Conversation(
                        from: try #require(pods["stranger"]).network, to: server.address)
                    #expect(friend.echoes("hello") && stranger.echoes("hello"))
                    try await cluster.create(
                        Self.policy(
                            "friend-only", in: namespace,
                            [
                                "podSelector": ["matchLabels": ["app": "server"]],
                                "ingress": [["from": [["podSelector": ["matchLabels": ["app": "friend"]]]]]],
                            ]))
                    try await eventually("the stranger is cut off") {
                        !stranger.echoes("still?", within: .milliseconds(300))
                    }
                    #expect(friend.echoes("still here"))
                }
            }
        }
    }
}
