import ClusterAPI
import EmbeddedAPI
import NIOHTTP1
import Testing

/// A node speaks for itself about egress addresses: as their holder in its own EgressNode, as a witness in others'.
@Suite("What a node may do about egress addresses", .timeLimit(.minutes(2)))
struct EgressRightsTests {
    private static let nodes = "/apis/gabion.io/v1/egressnodes"
    private static let merge = "application/merge-patch+json"

    private static func object(_ name: String) -> JSONValue {
        [
            "apiVersion": "gabion.io/v1", "kind": "EgressNode", "metadata": ["name": .string(name)],
            "spec": [
                "addresses": ["192.0.2.10"],
                // None is its own witness.
                "witnesses": .array((["n1", "n2", "n3", "api"].filter { $0 != name }).map(JSONValue.string)),
            ],
        ]
    }

    struct Word: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let name: String
        let status: JSONValue
        /// What the refusal names; nil if it is accepted.
        var refusal: String?
    }

    static let words = [
        Word(
            testDescription: "it says what it holds", name: "n1",
            status: ["term": 2, "held": [["address": "192.0.2.10"]], "witnesses": ["n2"]]),
        Word(
            testDescription: "it does not hear another", name: "n2",
            status: ["silentTo": ["n1", "n3"], "witnessTerms": ["n1": 1]]),
        Word(
            testDescription: "it takes away what another does not hear", name: "n1", status: ["silentTo": []],
            refusal: #"speak for the witness "n3""#),
        Word(
            testDescription: "it speaks for another witness", name: "n2", status: ["silentTo": ["n3", "n4"]],
            refusal: #"speak for the witness "n4""#),
        Word(
            testDescription: "it counts another witness's term", name: "n2", status: ["witnessTerms": ["n4": 7]],
            refusal: #"speak for the witness "n4""#),
        Word(
            testDescription: "it says what another holds", name: "n2", status: ["held": []],
            refusal: "set status.held of another node's"),
    ]

    @Test("it says what it holds, and whom it does not hear", arguments: words)
    func statuses(word: Word) async throws {
        try await ServerFixture.with { fixture in
            for name in ["n1", "n2"] {
                #expect(try await fixture.admin.create(Self.nodes, Self.object(name)).status == 201)
                let before: JSONValue = ["status": ["silentTo": ["n3"], "held": [["address": "192.0.2.10"]]]]
                let path = "\(Self.nodes)/\(name)/status"
                #expect(try await fixture.admin.send(.PATCH, path, before, type: Self.merge).status == 200)
            }
            try await fixture.withClient(Identity(user: "system:node:n1", groups: [Identity.nodesGroup])) { client in
                let path = "\(Self.nodes)/\(word.name)/status"
                let answer = try await client.send(.PATCH, path, ["status": word.status], type: Self.merge)
                #expect(answer.status == (word.refusal == nil ? 200 : 403), "\(answer.text)")
                if let refusal = word.refusal { #expect(answer.message.contains(refusal), "\(answer.text)") }
            }
        }
    }

    @Test("what a node is to hold is the controller's to write")
    func specs() async throws {
        try await ServerFixture.with { fixture in
            let controller = Identity(user: "system:gabion-controller", groups: [Identity.controllersGroup])
            try await fixture.withClient(controller) { client in
                let made = try await client.create(Self.nodes, Self.object("n1"))
                #expect(made.status == 201, "\(made.text)")
            }
            try await fixture.withClient(Identity(user: "system:node:n1", groups: [Identity.nodesGroup])) { client in
                let wish: JSONValue = ["spec": ["addresses": ["192.0.2.99"]]]
                let answers = [
                    try await client.send(.PATCH, Self.nodes + "/n1", wish, type: Self.merge),
                    try await client.create(Self.nodes, Self.object("n4")),
                    try await client.send(.DELETE, Self.nodes + "/n1"),
                ]
                for answer in answers { #expect(answer.status == 403, "\(answer.text)") }
                let list = try await client.get(Self.nodes)
                #expect(list.status == 200)
            }
        }
    }
}
