import ClusterAPI
import Foundation

/// What the body of an answer is.
enum Content: Sendable {
    case empty
    case text(String)
    case document(JSONValue)
    /// Of a watch.
    case events([JSONValue])

    init(_ answer: ConversationServer.Answer, of step: ConversationStep) throws {
        let decoder = JSONDecoder()
        let text = answer.text
        if step.isWatch, answer.status == 200 {
            self = .events(
                try text.split(separator: "\n").map { try decoder.decode(JSONValue.self, from: Data($0.utf8)) })
        } else if text.isEmpty {
            self = .empty
        } else if let document = try? decoder.decode(JSONValue.self, from: Data(text.utf8)) {
            self = .document(document)
        } else {
            self = .text(text)
        }
    }

    /// Events as a list.
    var document: JSONValue? {
        switch self {
        case .document(let document): document
        case .events(let events): .array(events)
        case .empty, .text: nil
        }
    }
}
