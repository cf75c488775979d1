import Conversations
import EmbeddedAPI
import Foundation
import Testing

@Suite("The embedded API beside the recorded kube-apiserver", .timeLimit(.minutes(2)))
struct ConversationTests {
    @Test(
        "a conversation goes as with the real server, but for what is listed",
        arguments: try APIConversation.all().map(\.name))
    func agrees(name: String) async throws {
        let conversation = try #require(try APIConversation.all().first { $0.name == name })
        // A short history, so that there is something that is too old.
        try await ServerFixture.with(history: 100) { fixture in
            let transcript = try await fixture.withTalkers {
                try await ConversationPlayer(server: $0).play(conversation)
            }
            try compare(transcript)
        }
    }

    @Test(
        "kubectl prints what it prints beside the real server, but for what is listed",
        arguments: try CommandSession.all().map(\.name))
    func shows(name: String) async throws {
        let session = try #require(try CommandSession.all().first { $0.name == name })
        try await ServerFixture.with { fixture in
            try compare(try await fixture.withTalkers { try await CommandPlayer(server: $0).play(session) })
        }
    }

    private func compare(_ transcript: Transcript) throws {
        let name = transcript.conversation
        let differences = transcript.differences(from: try .recorded(name))
        let unlisted = differences.filter { !KnownDifference.covers($0) }
        #expect(unlisted.isEmpty, "\(unlisted.map(\.description).joined(separator: "\n"))")
        let stale = KnownDifference.stale(in: name, differences)
        #expect(stale.isEmpty, "listed, but there is no such difference: \(stale)")
    }

    @Test("the reference shows the listed differences, and each is of a conversation")
    func tells() throws {
        let names = try APIConversation.all().map(\.name) + CommandSession.all().map(\.name)
        #expect(KnownDifference.astray(among: names).isEmpty)
        let checkout = #filePath.split(separator: "/").dropLast(4).map { "/" + $0 }.joined()
        let reference = try String(contentsOfFile: checkout + "/docs/reference/embedded-api.md", encoding: .utf8)
        #expect(
            reference.contains(KnownDifference.table), "docs/reference/embedded-api.md needs:\n\(KnownDifference.table)"
        )
    }
}

extension ServerFixture {
    /// Those who talk: the administrator, and a user whom no role knows.
    fileprivate func withTalkers<Value>(_ body: (ConversationServer) async throws -> Value) async throws -> Value {
        guard let authority = try CertificateAuthority.load(dataDirectory: directory) else {
            throw ConversationFault(description: "\(directory) has no authority")
        }
        let credentials = [
            "admin": Identity(user: "admin", groups: ["system:masters"]),
            "stranger": Identity(user: "stranger", groups: []),
        ].mapValues { identity in Result { try authority.issueClient(identity) } }
        return try await ConversationServer.with(
            url: endpoints.url ?? "", authority: authority.certificatePEM,
            credentials: try credentials.mapValues {
                let credential = try $0.get()
                return .init(certificate: credential.certificate, key: credential.key)
            }
        ) { try await body($0) }
    }
}
