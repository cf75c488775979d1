import ClusterAPI
import Foundation

/// Holds conversations with a server.
package struct ConversationPlayer: Sendable {
    private let server: ConversationServer

    package init(server: ConversationServer) { self.server = server }

    /// What a server answers, in the order of the steps.
    package func play(_ conversation: APIConversation) async throws -> Transcript {
        try await prepare(namespace: conversation.name)
        var known: [String: String] = [:]
        var blurring = Blurring(keepsOwners: conversation.comparesOwners)
        var answers: [Transcript.Answer] = []
        for step in conversation.steps {
            let answer = try await ask(step, known)
            let content = try Content(answer, of: step)
            for (name, way) in step.keep ?? [:] {
                guard let value = content.document?[way] else {
                    throw ConversationFault(
                        description: "\(conversation.name): \(step.does): nothing to keep as \(name): \(answer.text)")
                }
                known[name] = value.string ?? "\(value)"
            }
            let seen = blurring.blurred(answer, content, of: step)
            if step.prepares != true { answers.append(Transcript.Answer(step: step.does, content: seen)) }
        }
        return Transcript(conversation: conversation.name, answers: answers)
    }

    /// Every conversation has a namespace; pods of the real server need its service account, too.
    func prepare(namespace name: String) async throws {
        let namespace: JSONValue = ["metadata": ["name": .string(name)]]
        let account: JSONValue = ["metadata": ["name": "default"]]
        let path = "/api/v1/namespaces"
        for (path, body) in [(path, namespace), ("\(path)/\(name)/serviceaccounts", account)] {
            let answer = try await send("POST", path, user: "admin", body: try JSONEncoder().encode(body))
            guard [201, 409].contains(answer.status) else { throw ConversationFault(description: answer.text) }
        }
    }

    /// Sends a request, again and again where the step says so.
    private func ask(
        _ step: ConversationStep, _ known: [String: String]
    ) async throws -> ConversationServer.Answer {
        let end = ContinuousClock.now + .seconds(20)
        var remaining = step.times ?? 1
        while true {
            let answer = try await send(step, known)
            remaining -= 1
            if remaining > 0 { continue }
            guard let until = step.until else { return answer }
            let document = try Content(answer, of: step).document ?? [:]
            let seen: JSONValue = ["status": .int(Int64(answer.status)), "body": document]
            if seen.includes(until) || ContinuousClock.now > end { return answer }
            try await Task.sleep(for: .milliseconds(50))
        }
    }

    private func send(
        _ step: ConversationStep, _ known: [String: String]
    ) async throws -> ConversationServer.Answer {
        func filled(_ text: String) -> String {
            known.sorted { $0.key.count > $1.key.count }.reduce(text) { $0.replacing("$" + $1.key, with: $1.value) }
        }
        let words = filled(step.send).split(separator: " ", maxSplits: 1).map(String.init)
        guard words.count == 2 else { throw ConversationFault(description: "\(step.does): no method and path") }
        // Always the same: messages repeat what they do not understand.
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let body = try step.body.map { try encoder.encode($0.mapTexts(filled)) }
        var headers = step.headers ?? [:]
        // Some servers end the connection with the watch, and a request that follows on it would be lost.
        if step.isWatch { headers["Connection"] = "close" }
        return try await send(
            words[0], words[1], user: step.user ?? "admin", headers: headers,
            body: body ?? step.text.map { Data($0.utf8) }, lines: step.isWatch ? step.events : nil)
    }

    private func send(
        _ method: String, _ path: String, user: String, headers: [String: String] = [:], body: Data?,
        lines: Int? = nil
    ) async throws -> ConversationServer.Answer {
        var headers = headers
        if body != nil, headers["Content-Type"] == nil { headers["Content-Type"] = "application/json" }
        // Owners are named after the program that asks.
        if headers["User-Agent"] == nil { headers["User-Agent"] = "talker/1" }
        return try await server.send(
            method, path, user: user, headers: headers.map { ($0, $1) }, body: body, lines: lines)
    }
}
