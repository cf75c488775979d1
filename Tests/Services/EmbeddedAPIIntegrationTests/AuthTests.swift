import AsyncHTTPClient
import ClusterAPI
import EmbeddedAPI
import Foundation
import NIOHTTP1
import Testing

@Suite("Who may do what in the embedded API", .timeLimit(.minutes(1)))
struct AuthTests {
    private static let maps = "/api/v1/namespaces/default/configmaps"
    private static let pods = "/api/v1/namespaces/default/pods"

    @Test("anonymous requests get 401, but for health")
    func refusesAnonymous() async throws {
        try await ServerFixture.with { fixture in
            try await fixture.withClient(nil) { client in
                for path in ["/api", "/apis", "/version", Self.maps, "/openapi/v2"] {
                    let answer = try await client.get(path)
                    #expect(answer.status == 401, "\(path)")
                    #expect(answer.reason == "Unauthorized")
                }
                for path in ["/healthz", "/livez", "/readyz?verbose"] {
                    #expect(try await client.get(path).text == "ok")
                }
            }
        }
    }

    @Test("the token of the file is the administrator's; an unknown one is 401 even with a certificate")
    func readsTokens() async throws {
        try await ServerFixture.with { fixture in
            let path = fixture.directory + "/tokens.csv"
            let line = try String(contentsOfFile: path, encoding: .utf8)
            let token = try #require(line.split(separator: ",").first)
            try await fixture.withClient(nil) { client in
                let admin = try await client.send(.GET, Self.maps, headers: [("Authorization", "Bearer \(token)")])
                #expect(admin.status == 200)
                let text = line + "secret-of-r,r,1,\"gabion:readers,others\"\n"
                try text.write(toFile: path, atomically: true, encoding: .utf8)
                let reader = [("Authorization", "Bearer secret-of-r")]
                #expect(try await client.send(.GET, Self.maps, headers: reader).status == 200)
                let made = try await client.send(.POST, Self.maps, TestObjects.configMap("a"), headers: reader)
                #expect(made.status == 403)
            }
            let wrong = try await fixture.admin.send(.GET, Self.maps, headers: [("Authorization", "Bearer nonsense")])
            #expect(wrong.status == 401)
        }
    }

    @Test("what was made for one's owner is readable by the owner alone")
    func protectsFiles() async throws {
        try await ServerFixture.with(socket: true) { fixture in
            for name in ["pki/ca.key", "pki/server.key", "tokens.csv", "admin.kubeconfig", "run/api.sock"] {
                let attributes = try FileManager.default.attributesOfItem(atPath: fixture.directory + "/" + name)
                #expect(attributes[.posixPermissions] as? Int == 0o600, "\(name)")
            }
        }
    }

    @Test("root needs no credentials on the unix socket")
    func trustsRoot() async throws {
        try await ServerFixture.with(socket: true) { fixture in
            let path = try #require(fixture.endpoints.socketPath)
            let escaped = path.replacing("/", with: "%2F")
            try await fixture.withClient(nil) { client in
                let answer = try await client.get("http+unix://\(escaped)/api/v1/namespaces")
                #expect(answer.status == 200)
                #expect(answer.names.contains("default"))
                let wrong = try await client.send(
                    .GET, "http+unix://\(escaped)/api", headers: [("Authorization", "Bearer x")])
                #expect(wrong.status == 401)
            }
        }
    }

    @Test("a certificate of another authority is not accepted")
    func refusesStrangers() async throws {
        try await ServerFixture.with { fixture in
            let other = FileManager.default.temporaryDirectory.path + "/gabion-ca-" + UUID().uuidString
            defer { try? FileManager.default.removeItem(atPath: other) }
            _ = try CertificateAuthority.loadOrMake(dataDirectory: other)
            try FileManager.default.removeItem(atPath: other + "/pki/ca.crt")
            try FileManager.default.copyItem(
                atPath: fixture.directory + "/pki/ca.crt", toPath: other + "/pki/ca.crt")
            let client = try TestClient(
                fixture.endpoints, directory: other, as: Identity(user: "x", groups: [Identity.mastersGroup]))
            await #expect(throws: (any Error).self) { try await client.get(Self.maps) }
            try await client.close()
        }
    }

    @Test(
        "each role may do what it needs and nothing else",
        arguments: [
            RoleCase("gabion:readers", .GET, maps, 200), RoleCase("gabion:readers", .GET, pods + "?watch=0", 200),
            RoleCase("gabion:readers", .GET, "/api/v1/secrets", 403),
            RoleCase("gabion:readers", .POST, maps, 403), RoleCase("gabion:readers", .DELETE, maps, 403),
            RoleCase("gabion:readers", .GET, "/metrics", 200), RoleCase("nobody", .GET, "/metrics", 403),
            RoleCase("nobody", .GET, "/api", 200), RoleCase("nobody", .GET, maps, 403),
            RoleCase("system:nodes", .GET, "/api/v1/pods", 200),
            RoleCase("system:nodes", .GET, "/apis/network.openshift.io/v1/hostsubnets", 200),
            RoleCase("system:nodes", .GET, "/api/v1/secrets", 403), RoleCase("system:nodes", .GET, maps, 403),
            RoleCase("system:nodes", .POST, pods, 403), RoleCase("system:nodes", .DELETE, pods + "/mine", 403),
            RoleCase("system:nodes", .PATCH, pods + "/mine/status", 200),
            RoleCase("system:nodes", .PATCH, pods + "/other/status", 403),
            RoleCase("system:nodes", .PATCH, pods + "/mine", 403),
            RoleCase("system:nodes", .PATCH, "/api/v1/nodes/n1/status", 200),
            RoleCase("system:nodes", .PATCH, "/api/v1/nodes/n2/status", 403),
            RoleCase("system:nodes", .DELETE, "/api/v1/nodes/n1", 403),
            RoleCase("gabion:controllers", .PATCH, "/api/v1/nodes/n1", 200),
            RoleCase("gabion:controllers", .PATCH, pods + "/mine", 403),
            RoleCase("gabion:controllers", .GET, "/apis/network.openshift.io/v1/clusternetworks", 200),
            // Allowed, and there is none.
            RoleCase(
                "gabion:controllers", .PATCH, "/apis/discovery.k8s.io/v1/namespaces/default/endpointslices/s", 404),
            RoleCase("gabion:controllers", .PATCH, "/api/v1/namespaces/default/endpoints/s", 404),
            RoleCase("gabion:controllers", .PATCH, "/api/v1/namespaces/default/services/s", 403),
            RoleCase("gabion:controllers", .PATCH, "/api/v1/namespaces/default/services/s/status", 404),
            RoleCase("gabion:controllers", .PATCH, "/apis/gabion.io/v1/externalippolicies/p/status", 404),
            RoleCase("gabion:controllers", .PATCH, "/apis/gabion.io/v1/externalippolicies/p", 403),
            RoleCase("system:nodes", .GET, "/apis/gabion.io/v1/externalippolicies", 200),
        ])
    func rules(_ wanted: RoleCase) async throws {
        try await ServerFixture.with { fixture in
            for name in ["n1", "n2"] {
                let node: JSONValue = ["apiVersion": "v1", "kind": "Node", "metadata": ["name": .string(name)]]
                _ = try await fixture.admin.create("/api/v1/nodes", node)
            }
            _ = try await fixture.admin.create(Self.pods, TestObjects.pod("mine", node: "n1"))
            _ = try await fixture.admin.create(Self.pods, TestObjects.pod("other", node: "n2"))
            let user = wanted.group == "system:nodes" ? "system:node:n1" : "u"
            try await fixture.withClient(Identity(user: user, groups: [wanted.group])) { client in
                let body: JSONValue? = wanted.method == .PATCH ? ["metadata": ["labels": ["a": "b"]]] : nil
                let answer = try await client.send(
                    wanted.method, wanted.path, body, type: "application/merge-patch+json")
                #expect(answer.status == wanted.code, "\(answer.text)")
            }
        }
    }

    @Test("an agent makes its own Node and Lease, and nobody else's")
    func limitsAgents() async throws {
        try await ServerFixture.with { fixture in
            try await fixture.withClient(Identity(user: "system:node:n1", groups: [Identity.nodesGroup])) { client in
                for (name, code) in [("n2", 403), ("n1", 201)] {
                    let node: JSONValue = ["apiVersion": "v1", "kind": "Node", "metadata": ["name": .string(name)]]
                    #expect(try await client.create("/api/v1/nodes", node).status == code)
                    let lease: JSONValue = [
                        "apiVersion": "coordination.k8s.io/v1", "kind": "Lease", "metadata": ["name": .string(name)],
                        "spec": ["holderIdentity": .string(name)],
                    ]
                    let leases = "/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases"
                    let made = try await client.create(leases, lease)
                    #expect(made.status == code, "\(made.text)")
                }
            }
        }
    }

    @Test("a refusal reads as the real server's")
    func wordsRefusals() async throws {
        try await ServerFixture.with { fixture in
            try await fixture.withClient(Identity(user: "eve")) { client in
                let answer = try await client.get(Self.pods + "/p")
                #expect(answer.reason == "Forbidden")
                #expect(
                    answer.message
                        == "pods \"p\" is forbidden: User \"eve\" cannot get resource \"pods\" in API group \"\" in the namespace \"default\""
                )
            }
        }
    }

    private static let impersonations: [Impersonated] = [
        Impersonated("system:masters", user: "eve", 403), Impersonated("system:masters", 200),
        Impersonated("system:masters", user: "eve", group: "gabion:readers", 200),
        Impersonated("system:masters", group: "gabion:readers", 400),
        Impersonated("gabion:readers", user: "eve", group: "system:masters", 403),
        Impersonated("gabion:readers", user: "u", group: "gabion:readers", 403),
    ]

    @Test(
        "an administrator is taken for whom it names; nobody else is, and no group without a user",
        arguments: impersonations)
    func impersonates(who: Impersonated) async throws {
        try await ServerFixture.with { fixture in
            try await fixture.withClient(Identity(user: "u", groups: [who.sender])) { client in
                let answer = try await client.send(
                    .GET, "/api/v1/namespaces/default/configmaps", headers: who.headers)
                #expect(answer.status == who.code, "\(answer.text)")
            }
        }
    }

    @Test("who asks for all that it may is told of the roles, and whether names matter")
    func lists() async throws {
        try await ServerFixture.with { fixture in
            let node = Identity(user: "system:node:n", groups: [Identity.nodesGroup])
            let reader = Identity(user: "r", groups: ["gabion:readers"])
            let cases: [(Identity, Bool)] = [(node, true), (reader, false)]
            for (identity, isIncomplete) in cases {
                try await fixture.withClient(identity) { client in
                    let answer = try await client.create(
                        "/apis/authorization.k8s.io/v1/selfsubjectrulesreviews", ["spec": ["namespace": "default"]])
                    let status = answer.json["status"]
                    #expect(status?["incomplete"]?.bool == isIncomplete)
                    var verbs: [String: [String]] = [:]
                    for rule in status?["resourceRules"]?.array ?? [] {
                        let name = rule["resources"]?.array?.first?.string ?? ""
                        verbs[name] = (rule["verbs"]?.array ?? []).compactMap(\.string).sorted()
                    }
                    #expect(verbs["networkpolicies"] == ["get", "list", "watch"])
                    #expect(verbs["secrets"] == nil)
                    #expect(verbs["selfsubjectrulesreviews"] == ["create"])
                }
            }
        }
    }

    @Test(
        "can-i is answered from the roles",
        arguments: [
            ("gabion:readers", "get", "pods", true), ("gabion:readers", "get", "secrets", false),
            ("gabion:readers", "create", "pods", false), ("system:masters", "delete", "nodes", true),
        ])
    func reviews(group: String, verb: String, resource: String, allowed: Bool) async throws {
        try await ServerFixture.with { fixture in
            try await fixture.withClient(Identity(user: "u", groups: [group])) { client in
                let review: JSONValue = [
                    "apiVersion": "authorization.k8s.io/v1", "kind": "SelfSubjectAccessReview",
                    "spec": ["resourceAttributes": ["verb": .string(verb), "resource": .string(resource)]],
                ]
                let answer = try await client.create(
                    "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews", review)
                #expect(answer.json["status"]?["allowed"]?.bool == allowed)
            }
        }
    }
}

/// One request of one role and its status.
struct RoleCase: Sendable, CustomTestStringConvertible {
    let group: String
    let method: HTTPMethod
    let path: String
    let code: Int

    init(_ group: String, _ method: HTTPMethod, _ path: String, _ code: Int) {
        self.group = group
        self.method = method
        self.path = path
        self.code = code
    }

    var testDescription: String { "\(group) \(method) \(path) → \(code)" }
}

/// A request of a member of a group that asks to be taken for somebody else, and its status.
struct Impersonated: Sendable {
    let sender: String
    let headers: [(String, String)]
    let code: Int

    init(_ sender: String, user: String? = nil, group: String? = nil, _ code: Int) {
        self.sender = sender
        self.code = code
        headers = [("Impersonate-User", user), ("Impersonate-Group", group)]
            .compactMap { name, value in value.map { (name, $0) } }
    }
}
