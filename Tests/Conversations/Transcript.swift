import ClusterAPI
import Foundation

/// What a server answered in a conversation, blurred; recordings of the real one are files of `Recorded`.
package struct Transcript: Hashable, Sendable {
    package let conversation: String
    let answers: [Answer]

    struct Answer: Hashable, Sendable {
        let step: String
        /// Status, some headers, and the body or events; of a command its exit code and what it printed.
        let content: JSONValue
    }

    private static func file(_ conversation: String) -> URL {
        URL(filePath: "\(APIConversation.folder)/Recorded/\(conversation).json")
    }

    /// What the real server answered when it was recorded.
    package static func recorded(_ conversation: String) throws -> Transcript {
        let document = try JSONDecoder().decode(JSONValue.self, from: Data(contentsOf: file(conversation)))
        return Transcript(
            conversation: conversation,
            answers: (document.array ?? []).map { answer in
                var content = answer
                content["step"] = nil
                return Answer(step: answer["step"]?.string ?? "", content: content)
            })
    }

    /// Becomes the recording.
    package func record() throws {
        let document = JSONValue.array(
            answers.map { answer in
                var content = answer.content
                content["step"] = .string(answer.step)
                return content
            })
        try Data(JSONLayout.text(document).utf8).write(to: Self.file(conversation))
    }

    /// What of this is other than in the recording.
    package func differences(from recording: Transcript) -> [ConversationDifference] {
        var differences: [ConversationDifference] = []
        let steps = answers.map(\.step)
        if steps != recording.answers.map(\.step) {
            differences.append(
                .init(place: "\(conversation) / steps", real: .null, here: .array(steps.map { .string($0) })))
        }
        for answer in answers {
            guard let real = recording.answers.first(where: { $0.step == answer.step }) else { continue }
            guard real.content["status"] == answer.content["status"] else {
                // All else is other, too.
                let place = "\(conversation) / \(answer.step) / status"
                differences.append(.init(place: place, real: real.content, here: answer.content))
                continue
            }
            differences += ConversationDifference.between(
                real.content, answer.content, at: "\(conversation) / \(answer.step) / ")
        }
        return differences
    }
}
