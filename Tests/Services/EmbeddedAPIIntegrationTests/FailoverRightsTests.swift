import ClusterAPI
import EmbeddedAPI
import NIOHTTP1
import Testing

/// A node writes what it has to say about FailoverGroups, and nothing else of them.
@Suite("What a node may do about failover", .timeLimit(.minutes(2)))
struct FailoverRightsTests {
    private static let groups = "/apis/gabion.io/v1/failovergroups"
    private static let edge = groups + "/edge"
    private static let merge = "application/merge-patch+json"

    private static func group(_ name: String) -> JSONValue {
        [
            "apiVersion": "gabion.io/v1", "kind": "FailoverGroup", "metadata": ["name": .string(name)],
            "spec": ["addresses": ["192.0.2.10-192.0.2.12"]],
        ]
    }

    private static func status(_ entries: JSONValue...) -> JSONValue { ["status": ["addresses": .array(entries)]] }

    private static func entry(_ node: JSONValue, also: JSONValue? = nil) -> JSONValue {
        var entry: JSONValue = ["address": "192.0.2.10", "node": node]
        if let also { entry["alsoHeldBy"] = also }
        return entry
    }

    private static func withNode(_ body: @Sendable (ServerFixture, TestClient) async throws -> Void) async throws {
        try await ServerFixture.with { fixture in
            #expect(try await fixture.admin.create(groups, group("edge")).status == 201)
            try await fixture.withClient(Identity(user: "system:node:n1", groups: [Identity.nodesGroup])) { client in
                try await body(fixture, client)
            }
        }
    }

    struct Word: Sendable, CustomTestStringConvertible {
        let testDescription: String
        var before: JSONValue = status()
        let after: JSONValue
        /// What the refusal names; nil if it is accepted.
        var refusal: String?
    }

    static let words = [
        Word(testDescription: "it takes an address", after: status(entry("n1"))),
        Word(testDescription: "it takes one from another", before: status(entry("n2")), after: status(entry("n1"))),
        Word(
            testDescription: "it takes one from two", before: status(entry("n2", also: ["n3"])),
            after: status(entry("n1"))),
        Word(testDescription: "it lets go", before: status(entry("n1")), after: status(entry(.null))),
        Word(
            testDescription: "it lets go what another holds too", before: status(entry("n1", also: ["n2"])),
            after: status(entry("n2"))),
        Word(
            testDescription: "it has it besides", before: status(entry("n2")), after: status(entry("n2", also: ["n1"]))),
        Word(
            testDescription: "it has it no longer besides", before: status(entry("n2", also: ["n1", "n3"])),
            after: status(entry("n2", also: ["n3"]))),
        Word(
            testDescription: "it says the same again", before: status(entry("n2", also: ["n3"])),
            after: status(entry("n2", also: ["n3"]))),
        Word(
            testDescription: "another takes one", after: status(entry("n2")),
            refusal: #"node "n2" holds 192.0.2.10"#),
        Word(
            testDescription: "another takes one from it", before: status(entry("n1")), after: status(entry("n2")),
            refusal: #"node "n2" holds 192.0.2.10"#),
        Word(
            testDescription: "another takes what a third has besides", before: status(entry("n2", also: ["n3"])),
            after: status(entry("n3")), refusal: #"node "n3" holds 192.0.2.10"#),
        Word(
            testDescription: "another lets go", before: status(entry("n2")), after: status(entry(.null)),
            refusal: #"node "n2" holds 192.0.2.10 no more"#),
        Word(
            testDescription: "another has it besides", before: status(entry("n1")),
            after: status(entry("n1", also: ["n2"])), refusal: #"node "n2" holds 192.0.2.10, too"#),
    ]

    @Test("of who holds an address it says that it does, or no longer, and nothing of others", arguments: words)
    func holders(word: Word) async throws {
        try await Self.withNode { fixture, client in
            let path = Self.edge + "/status"
            #expect(try await fixture.admin.send(.PATCH, path, word.before, type: Self.merge).status == 200)
            let answer = try await client.send(.PATCH, path, word.after, type: Self.merge)
            guard let refusal = word.refusal else {
                #expect(answer.status == 200, "\(answer.text)")
                return
            }
            #expect(answer.status == 403 && answer.message.contains(refusal), "\(answer.text)")
            #expect(answer.message.contains(#"node "n1" is not allowed to say"#), "\(answer.text)")
        }
    }

    @Test("it writes no group, but its status, and that changes nothing else")
    func groups() async throws {
        try await Self.withNode { fixture, client in
            let wish: JSONValue = ["spec": ["addresses": ["192.0.2.99"]], "metadata": ["labels": ["a": "b"]]]
            let before = try await fixture.admin.get(Self.edge).json
            let patched = try await client.send(.PATCH, Self.edge + "/status", wish, type: Self.merge)
            #expect(patched.status == 200, "\(patched.text)")
            for (method, path, body) in [
                (.PATCH, Self.edge, wish), (.PUT, Self.edge, Self.group("edge")), (.DELETE, Self.edge, .null),
                (.DELETE, Self.groups, .null), (.POST, Self.groups, Self.group("mine")),
            ] as [(HTTPMethod, String, JSONValue)] {
                let type = method == .PATCH ? Self.merge : "application/json"
                let answer = try await client.send(method, path, body, type: type)
                #expect(answer.status == 403, "\(method) \(path): \(answer.text)")
            }
            let after = try await fixture.admin.get(Self.edge).json
            #expect(after["spec"] == before["spec"] && after["metadata"]?["labels"] == nil)
            #expect(try await fixture.admin.get(Self.groups).json["items"]?.array?.count == 1)
            #expect(try await client.get(Self.groups).status == 200)
        }
    }

    @Test("it reads the Secrets that groups sign with, one by one, and no others")
    func secrets() async throws {
        try await Self.withNode { fixture, client in
            func path(_ namespace: String) -> String { "/api/v1/namespaces/\(namespace)/secrets" }
            for (namespace, name) in [
                ("kube-system", "gabion-failover-edge"), ("kube-system", "token"), ("default", "gabion-failover-edge"),
            ] {
                let secret: JSONValue = [
                    "apiVersion": "v1", "kind": "Secret", "metadata": ["name": .string(name)],
                    "data": ["key": "MTIzNDU2Nzg="],
                ]
                #expect(try await fixture.admin.create(path(namespace), secret).status == 201)
            }
            let own = path("kube-system") + "/gabion-failover-edge"
            #expect(try await client.get(own).status == 200)
            for other in [
                path("kube-system"), path("kube-system") + "/token", path("default") + "/gabion-failover-edge",
                "/api/v1/secrets",
            ] {
                #expect(try await client.get(other).status == 403, "\(other)")
            }
            let patched = try await client.send(.PATCH, own, ["data": ["key": "eHh4eHh4eHg="]], type: Self.merge)
            #expect(patched.status == 403)
            #expect(try await client.send(.DELETE, own).status == 403)
        }
    }
}
