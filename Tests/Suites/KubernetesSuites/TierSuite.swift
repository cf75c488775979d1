import ClusterAPI
import KubernetesClient
import LinuxSystem
import NetworkTypes
import TestSupport
import Testing

extension KubernetesSuites {
    @Suite("The tiers above and below NetworkPolicies", .serialized)
    struct TierSuite {
        @Test(
            "an administrator's rule comes before a NetworkPolicy, Pass leaves it to that, and the baseline decides last"
        )
        func administrators() async throws {
            try await RealCluster.with { cluster in
                try await cluster.withNamespace(labels: ["suite-tier": "yes"]) { namespace in
                    let pods = try await cluster.run([
                        RealPod.manifest("server", in: namespace, node: "node-a"),
                        RealPod.manifest("friend", in: namespace, node: "node-b"),
                        RealPod.manifest("stranger", in: namespace, node: "node-c"),
                    ])
                    let (server, friend, stranger) = (
                        try #require(pods["server"]), try #require(pods["friend"]), try #require(pods["stranger"])
                    )
                    func expect(friend wanted: Bool, stranger other: Bool, _ what: String) async throws {
                        try await eventually("\(what): friend \(wanted), stranger \(other)") {
                            try connects(friend.network, server.address) == wanted
                                && connects(stranger.network, server.address) == other
                        }
                    }
                    try await cluster.create([
                        "apiVersion": "networking.k8s.io/v1", "kind": "NetworkPolicy",
                        "metadata": ["name": "friends", "namespace": .string(namespace)],
                        "spec": [
                            "podSelector": ["matchLabels": ["app": "server"]],
                            "ingress": [["from": [["podSelector": ["matchLabels": ["app": "friend"]]]]]],
                        ],
                    ])
                    try await expect(friend: true, stranger: false, "the NetworkPolicy")
                    try await cluster.withObject(
                        .administrators(named: namespace, [.rule("Deny", from: "friend")])
                    ) { name in
                        try await expect(friend: false, stranger: false, "Deny")
                        for (rule, admitted) in [("Pass", false), ("Allow", true)] {
                            let rules: JSONValue = [.rule("Pass", from: "friend"), .rule(rule, from: "stranger")]
                            try await cluster.client.patch(
                                AdminNetworkPolicy.resource, name, with: .merge(["spec": ["ingress": rules]]))
                            try await expect(friend: true, stranger: admitted, rule)
                        }
                    }
                    try await cluster.client.delete(NetworkPolicy.self, "friends", in: namespace)
                    try await expect(friend: true, stranger: true, "no policy")
                    try await cluster.withObject(.baseline([.rule("Deny", from: "stranger")])) { _ in
                        try await expect(friend: true, stranger: false, "the baseline")
                    }
                    try await expect(friend: true, stranger: true, "no policy again")
                }
            }
        }

        @Test("between zones nothing passes but the hole, one way; and what passes it is judged by NetworkPolicies")
        func zones() async throws {
            try await RealCluster.with { cluster in
                try await cluster.withNamespace(labels: ["suite-zone": "dmz"]) { dmz in
                    try await cluster.withNamespace(labels: ["suite-zone": "data"]) { data in
                        let outer = try await cluster.run([
                            RealPod.manifest("web", in: dmz, node: "node-a"),
                            RealPod.manifest("other", in: dmz, node: "node-b"),
                        ])
                        let db = try #require(
                            try await cluster.run([RealPod.manifest("db", in: data, node: "node-c")])["db"])
                        let (web, other) = (try #require(outer["web"]), try #require(outer["other"]))
                        #expect(try connects(other.network, db.address) && connects(db.network, web.address), "before")
                        let hole: JSONValue = [
                            "name": "web-to-db", "owner": "suite", "reason": "it is shown here",
                            "from": ["zone": "suite-dmz", "podSelector": ["matchLabels": ["app": "web"]]],
                            "to": ["podSelector": ["matchLabels": ["app": "db"]]],
                            "ports": [["protocol": "TCP", "port": .int(Int64(RealPod.http))]],
                        ]
                        // Whoever is in no zone is closed as soon as there is one: name servers are the rest's.
                        try await cluster.withObject(.zone("suite-rest", "NotIn", ["dmz", "data"])) { _ in
                            try await cluster.withObject(.zone("suite-dmz", "In", ["dmz"])) { _ in
                                try await cluster.withObject(.zone("suite-data", "In", ["data"], holes: [hole])) { _ in
                                    try await eventually("the zones are apart") {
                                        try !connects(other.network, db.address) && !connects(db.network, web.address)
                                    }
                                    #expect(try connects(web.network, db.address), "the hole")
                                    #expect(try !connects(web.network, db.address, RealPod.echo), "another port")
                                    #expect(try connects(web.network, other.address), "inside a zone")
                                    try await cluster.create([
                                        "apiVersion": "networking.k8s.io/v1", "kind": "NetworkPolicy",
                                        "metadata": ["name": "closed", "namespace": .string(data)],
                                        "spec": ["podSelector": [:]],
                                    ])
                                    try await eventually("a policy closes what the hole lets through") {
                                        try !connects(web.network, db.address)
                                    }
                                    try await cluster.client.delete(NetworkPolicy.self, "closed", in: data)
                                    try await eventually("the hole again") { try connects(web.network, db.address) }
                                }
                            }
                        }
                        try await eventually("no zones") {
                            try connects(other.network, db.address) && connects(db.network, web.address)
                        }
                    }
                }
            }
        }
    }
}

extension JSONValue {
    fileprivate static func rule(_ action: String, from app: String) -> JSONValue {
        [
            "action": .string(action),
            "from": [
                [
                    "pods": [
                        "namespaceSelector": ["matchLabels": ["suite-tier": "yes"]],
                        "podSelector": ["matchLabels": ["app": .string(app)]],
                    ]
                ]
            ],
        ]
    }

    fileprivate static let subject: JSONValue = [
        "pods": [
            "namespaceSelector": ["matchLabels": ["suite-tier": "yes"]],
            "podSelector": ["matchLabels": ["app": "server"]],
        ]
    ]

    fileprivate static func administrators(named name: String, _ rules: JSONValue) -> JSONValue {
        [
            "apiVersion": "policy.networking.k8s.io/v1alpha1", "kind": "AdminNetworkPolicy",
            "metadata": ["name": .string(name)],
            "spec": ["priority": 10, "subject": subject, "ingress": rules],
        ]
    }

    fileprivate static func baseline(_ rules: JSONValue) -> JSONValue {
        [
            "apiVersion": "policy.networking.k8s.io/v1alpha1", "kind": "BaselineAdminNetworkPolicy",
            "metadata": ["name": "default"], "spec": ["subject": subject, "ingress": rules],
        ]
    }

    fileprivate static func zone(
        _ name: String, _ relation: String, _ values: JSONValue, holes: JSONValue = []
    ) -> JSONValue {
        [
            "apiVersion": "gabion.io/v1", "kind": "Zone", "metadata": ["name": .string(name)],
            "spec": [
                "order": 0, "external": "Allow", "holes": holes,
                "namespaceSelector": [
                    "matchExpressions": [["key": "suite-zone", "operator": .string(relation), "values": values]]
                ],
            ],
        ]
    }
}

extension RealCluster {
    /// An object of the whole cluster that is there while `body` runs.
    func withObject(_ object: JSONValue, _ body: (_ name: String) async throws -> Void) async throws {
        let resource = try await client.resource(of: object)
        let name = try #require(object["metadata"]?["name"]?.string)
        try await create(object)
        let outcome: Result<Void, any Error>
        do { outcome = .success(try await body(name)) } catch { outcome = .failure(error) }
        try await client.delete(resource, name)
        try outcome.get()
    }
}
