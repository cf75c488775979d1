import ClusterAPI
import EmbeddedAPI
import Foundation
import NIOHTTP1
import Testing

@Suite("What the audit log of the embedded API says", .timeLimit(.minutes(1)))
struct AuditLogTests {
    private static let zones = AuditFixture.zones
    private static let maps = AuditFixture.maps

    @Test("every write makes one line with who, what and how it ended, refused ones too; reads and reviews make none")
    func recordsWrites() async throws {
        try await AuditFixture.with { fixture in
            let admin = fixture.server.admin
            _ = try await admin.get(Self.zones)
            let created = try await admin.send(.POST, Self.zones, AuditFixture.zone("a", order: 1)).json
            try await admin.send(.POST, Self.zones, AuditFixture.zone("a", order: 1))
            var changed = AuditFixture.zone("a", order: 2)
            changed["metadata"] = created["metadata"]
            try await admin.send(.PUT, Self.zones + "/a", changed)
            try await admin.send(
                .PATCH, Self.zones + "/a", ["spec": ["external": "Perhaps"]], type: "application/merge-patch+json")
            try await admin.send(.DELETE, Self.zones + "/a")
            try await admin.send(.DELETE, Self.zones + "/a")
            try await admin.send(
                .POST, "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews",
                ["spec": ["resourceAttributes": ["verb": "get", "resource": "pods"]]])
            try await fixture.server.withClient(Identity(user: "r", groups: ["gabion:readers"])) { client in
                _ = try await client.send(.DELETE, Self.zones + "/a")
            }
            try await fixture.server.withClient(nil) { _ = try await $0.send(.DELETE, Self.maps) }
            let seen = try fixture.events().map(\.auditSummary)
            #expect(
                seen == [
                    "t create a 201", "t create a 409", "t update a 200", "t patch a 422", "t delete a 200",
                    "t delete a 404", "r delete a 403", "system:anonymous deletecollection - 401",
                ])
        }
    }

    @Test("who asked to be taken for somebody else is told beside that one")
    func recordsImpersonation() async throws {
        try await AuditFixture.with { fixture in
            let map = TestObjects.configMap("a")
            for user in ["system:node:n", "admin"] {
                let groups = user == "admin" ? [("Impersonate-Group", "system:masters")] : []
                try await fixture.server.admin.send(
                    .POST, Self.maps, map, headers: [("Impersonate-User", user)] + groups)
            }
            let events = try fixture.events()
            #expect(events.map(\.auditSummary) == ["t create a 403", "t create a 201"])
            #expect(events.map { $0["impersonatedUser"]?["username"] } == ["system:node:n", "admin"])
        }
    }

    @Test("who wrote is told of a certificate, a token and root on the socket, and from where")
    func recordsIdentities() async throws {
        try await AuditFixture.with(socket: true) { fixture in
            let tokens = fixture.server.directory + "/tokens.csv"
            let text = try String(contentsOfFile: tokens, encoding: .utf8)
            try (text + "s,by-token,1,\"system:masters\"\n").write(toFile: tokens, atomically: true, encoding: .utf8)
            let map = TestObjects.configMap("a")
            try await fixture.server.admin.send(.POST, Self.maps, map, headers: [("User-Agent", "tool/1.0")])
            try await fixture.server.withClient(nil) { client in
                try await client.send(.PUT, Self.maps + "/a", map, headers: [("Authorization", "Bearer s")])
                let socket = try #require(fixture.server.endpoints.socketPath).replacing("/", with: "%2F")
                try await client.send(.DELETE, "http+unix://\(socket)\(Self.maps)/a")
            }
            let events = try fixture.events()
            #expect(
                events.map(\.auditSummary)
                    == ["t create a 201", "by-token update a 200", "gabion:root delete a 200"])
            #expect(events.allSatisfy { $0["user"]?["groups"] == ["system:masters"] })
            #expect(events.first?["userAgent"] == "tool/1.0")
            #expect(events.map { $0["sourceIPs"] } == [["127.0.0.1"], ["127.0.0.1"], nil])
            let peer = events.last?["annotations"]?["gabion.io/peer"]?.string
            #expect(peer == "pid \(ProcessInfo.processInfo.processIdentifier) uid 0")
        }
    }

    @Test("an event has the members of audit.k8s.io/v1, what was sent, and what it made, whatever form was asked for")
    func recordsContent() async throws {
        try await AuditFixture.with { fixture in
            let admin = fixture.server.admin
            try await admin.send(.POST, Self.zones, AuditFixture.zone(nil, order: 1, generated: "z-"))
            let name = try #require(try await admin.get(Self.zones).names.first)
            let table = "application/json;as=Table;v=v1;g=meta.k8s.io"
            try await admin.send(
                .PATCH, "\(Self.zones)/\(name)?fieldManager=x", ["spec": ["order": 7]],
                type: "application/merge-patch+json", headers: [("Accept", table)])
            try await admin.send(.DELETE, Self.zones, headers: [("Accept", table)])
            let events = try fixture.events()
            #expect(events.map { $0["objectRef"]?["name"]?.string } == [name, name, nil])
            let patch = try #require(events.dropFirst().first)
            #expect(patch["apiVersion"] == "audit.k8s.io/v1" && patch["kind"] == "Event")
            #expect(patch["level"] == "RequestResponse" && patch["stage"] == "ResponseComplete")
            #expect(patch["requestURI"]?.string == "\(Self.zones)/\(name)?fieldManager=x")
            #expect(patch["requestObject"] == ["spec": ["order": 7]])
            #expect(patch["responseObject"]?["spec"] == ["order": 7, "external": "Deny"])
            let reference = patch["objectRef"]
            #expect(reference?["apiGroup"] == "gabion.io" && reference?["apiVersion"] == "v1")
            #expect(reference?["resource"] == "zones" && reference?["uid"] != nil)
            #expect(events.last?["responseObject"]?["items"]?.array?.map { $0["metadata"]?["name"]?.string } == [name])
        }
    }

    @Test(
        "what kubectl sends as protobuf is recorded too, and a namespace's line names it",
        arguments: ClientProgram.kubectls)
    func recordsNamespaces(_ program: ClientProgram) async throws {
        try await AuditFixture.with { fixture in
            let kubectl = try ClientKubectl(program, fixture.server)
            try await kubectl.run("create", "namespace", "shop")
            try await kubectl.run("label", "namespace", "shop", "zone=dmz")
            let events = try fixture.events()
            #expect(events.map(\.auditSummary) == ["gabion:admin create shop 201", "gabion:admin patch shop 200"])
            #expect(events.first?["requestObject"]?["metadata"]?["name"] == "shop")
            #expect(events.last?["responseObject"]?["metadata"]?["labels"]?["zone"] == "dmz")
            #expect(events.last?["objectRef"]?["namespace"] == "shop")
            #expect(events.allSatisfy { $0["userAgent"]?.string?.contains("kubernetes/") == true })
        }
    }

    @Test("what a Secret holds is in no line, not even in the words of a refusal")
    func keepsSecrets() async throws {
        try await AuditFixture.with { fixture in
            var secret: JSONValue = [
                "apiVersion": "v1", "kind": "Secret", "metadata": ["name": "s"],
                "stringData": ["key": "plainly-hidden"],
            ]
            let secrets = "/api/v1/namespaces/default/secrets"
            try await fixture.server.admin.send(.POST, secrets, secret)
            secret["data"] = ["key": "plainly-hidden"]
            try await fixture.server.admin.send(.PUT, secrets + "/s", secret)
            let events = try fixture.events()
            #expect(events.map { $0["level"] } == ["Metadata", "Metadata"])
            #expect(events.map { $0["objectRef"]?["resource"] } == ["secrets", "secrets"])
            #expect(try !fixture.text().contains("plainly-hidden"))
        }
    }

    @Test("a body that is too large leaves a line with its sender")
    func recordsLargeBodies() async throws {
        try await AuditFixture.with { fixture in
            let map = TestObjects.configMap("a", data: ["x": String(repeating: "x", count: 4 << 20)])
            // The answer may come before all of the body is sent, which this client takes for an error.
            _ = try? await fixture.server.admin.send(.PUT, Self.maps + "/a", map)
            let events = try fixture.events()
            #expect(events.map(\.auditSummary) == ["t update a 413"])
        }
    }

    @Test("heartbeats that go well leave no line; taking a lease away does")
    func leavesHeartbeatsOut() async throws {
        try await AuditFixture.with { fixture in
            let leases = "/apis/coordination.k8s.io/v1/namespaces/default/leases"
            let lease: JSONValue = [
                "apiVersion": "coordination.k8s.io/v1", "kind": "Lease", "metadata": ["name": "l"], "spec": [:],
            ]
            let admin = fixture.server.admin
            let created = try await admin.send(.POST, leases, lease)
            #expect(created.status == 201)
            #expect(try await admin.send(.PUT, leases + "/l", created.json).status == 200)
            try await admin.send(.PUT, leases + "/other", lease)
            try await admin.send(.DELETE, leases + "/l")
            let seen = try fixture.events().map(\.auditSummary)
            #expect(seen.count == 2 && seen.last == "t delete l 200", "\(seen)")
        }
    }
}
