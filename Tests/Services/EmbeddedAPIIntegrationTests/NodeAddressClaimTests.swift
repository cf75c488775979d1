import ClusterAPI
import EmbeddedAPI
import NIOHTTP1
import Testing

/// All nodes believe the addresses in the API, so that a node must not take those of others.
@Suite("What addresses a node may claim", .timeLimit(.minutes(1)))
struct NodeAddressClaimTests {
    private static let networks = "/apis/network.openshift.io/v1"
    private static let pods = "/api/v1/namespaces/default/pods"
    private static let merge = "application/merge-patch+json"

    private static func addresses(_ text: String) -> JSONValue {
        ["status": ["addresses": [["type": "InternalIP", "address": .string(text)]]]]
    }

    private static func podIP(_ text: String) -> JSONValue {
        ["status": ["podIP": .string(text), "podIPs": [["ip": .string(text)]]]]
    }

    private static func withCluster(_ body: @Sendable (TestClient, TestClient) async throws -> Void) async throws {
        try await ServerFixture.with { fixture in
            let admin = fixture.admin
            let network: JSONValue = [
                "metadata": ["name": "default"], "serviceNetwork": "172.30.0.0/16",
                "clusterNetworks": [["CIDR": "10.128.0.0/14", "hostSubnetLength": 9]],
            ]
            #expect(try await admin.create(networks + "/clusternetworks", network).status == 201)
            for (number, name) in ["n1", "n2"].enumerated() {
                let subnet: JSONValue = [
                    "metadata": ["name": .string(name)], "host": .string(name),
                    "hostIP": .string("192.168.1.\(number + 1)"), "subnet": .string("10.128.\(number * 2).0/23"),
                ]
                let made = try await admin.create(networks + "/hostsubnets", subnet)
                #expect(made.status == 201, "\(made.text)")
                #expect(
                    try await admin.create("/api/v1/nodes", ["metadata": ["name": .string(name)]]).status == 201)
                #expect(try await admin.create(pods, TestObjects.pod("on-" + name, node: name)).status == 201)
            }
            let second = try await admin.send(
                .PATCH, "/api/v1/nodes/n2/status", addresses("192.168.1.2"), type: merge)
            #expect(second.status == 200)
            try await fixture.withClient(Identity(user: "system:node:n1", groups: [Identity.nodesGroup])) { node in
                try await body(admin, node)
            }
        }
    }

    @Test("its pods get addresses of its subnet, or its own")
    func limitsPods() async throws {
        try await Self.withCluster { _, node in
            let path = Self.pods + "/on-n1/status"
            for (address, code) in [("10.128.0.5", 200), ("10.128.2.5", 403), ("192.168.1.1", 403), ("8.8.8.8", 403)] {
                let answer = try await node.send(.PATCH, path, Self.podIP(address), type: Self.merge)
                #expect(answer.status == code, "\(address): \(answer.text)")
            }
            let own = try await node.send(
                .PATCH, "/api/v1/nodes/n1/status", Self.addresses("192.168.1.1"), type: Self.merge)
            #expect(own.status == 200, "\(own.text)")
            let hostNetwork = try await node.send(.PATCH, path, Self.podIP("192.168.1.1"), type: Self.merge)
            #expect(hostNetwork.status == 200, "\(hostNetwork.text)")
        }
    }

    @Test("it has no address of a pod, a service or another node")
    func limitsNodes() async throws {
        try await Self.withCluster { _, node in
            let cases = [("192.168.1.2", 403), ("10.128.2.5", 403), ("172.30.0.1", 403), ("192.168.1.1", 200)]
            for (address, code) in cases {
                let answer = try await node.send(
                    .PATCH, "/api/v1/nodes/n1/status", Self.addresses(address), type: Self.merge)
                #expect(answer.status == code, "\(address): \(answer.text)")
            }
        }
    }

    @Test("of two nodes that claim one address at the same moment, one gets it")
    func atOnce() async throws {
        try await ServerFixture.with { fixture in
            let admin = fixture.admin
            for name in ["n1", "n2"] {
                #expect(try await admin.create("/api/v1/nodes", ["metadata": ["name": .string(name)]]).status == 201)
            }
            func identity(_ name: String) -> Identity {
                Identity(user: "system:node:" + name, groups: [Identity.nodesGroup])
            }
            try await fixture.withClient(identity("n1")) { one in
                try await fixture.withClient(identity("n2")) { two in
                    for round in 1...60 {
                        // Other writes keep the writer busy, so that both claims wait for the same batch.
                        async let noise = withTaskGroup(of: Void.self) { group in
                            for number in 0..<4 {
                                group.addTask {
                                    let object = TestObjects.configMap("c\(round)-\(number)", data: [:])
                                    _ = try? await admin.create("/api/v1/namespaces/default/configmaps", object)
                                }
                            }
                        }
                        let claim = Self.addresses("192.168.2.\(round)")
                        async let first = one.send(.PATCH, "/api/v1/nodes/n1/status", claim, type: Self.merge)
                        async let second = two.send(.PATCH, "/api/v1/nodes/n2/status", claim, type: Self.merge)
                        let codes = try await [first.status, second.status].sorted()
                        #expect(codes == [200, 403], "round \(round)")
                        await noise
                    }
                }
            }
        }
    }

    @Test("what an administrator has set stays writable around it")
    func keepsWhatIsThere() async throws {
        try await Self.withCluster { admin, node in
            let path = Self.pods + "/on-n1/status"
            #expect(try await admin.send(.PATCH, path, Self.podIP("8.8.8.8"), type: Self.merge).status == 200)
            let answer = try await node.send(.PATCH, path, ["status": ["phase": "Running"]], type: Self.merge)
            #expect(answer.status == 200, "\(answer.text)")
        }
    }
}
