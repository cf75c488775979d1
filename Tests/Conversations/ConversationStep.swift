import ClusterAPI
import Foundation

/// One request, and what of its answer is compared.
package struct ConversationStep: Decodable, Sendable {
    /// In a few words; no two of a conversation are alike.
    package let does: String
    /// `POST /api/v1/namespaces`; `$name` stands for what an earlier step kept.
    let send: String
    /// `admin`, `stranger` (whom no role knows) or `nobody` (without credentials); the administrator when absent.
    let user: String?
    let headers: [String: String]?
    /// A document; `$name` in its texts as above.
    let body: JSONValue?
    /// A body that is no document.
    let text: String?
    /// What later steps name: members of the answer's document, as a way through it.
    let keep: [String: [JSONValue]]?
    /// Sends it so often, and keeps the last answer.
    let times: Int?
    /// Sends it again until the answer has these members.
    let until: JSONValue?
    /// Reads so many events of a watch; without it, until the server ends the watch.
    let events: Int?
    /// The parts of the document that are compared: ways of names, places in lists and members that an element has.
    ///
    /// All of it when absent.
    let only: [[JSONValue]]?
    /// Members, anywhere in the document, of which only their being there is compared.
    let blur: [String]?
    /// The order of the objects, in a list or in events, is of no meaning.
    let unordered: Bool?
    /// Nothing is compared: it prepares what is.
    let prepares: Bool?

    private enum CodingKeys: String, CodingKey, CaseIterable {
        case does, send, user, headers, body, text, keep, times, until, events, only, blur, unordered, prepares
    }

    init(_ document: JSONValue, of conversation: String) throws {
        let known = Set(CodingKeys.allCases.map(\.rawValue))
        if let stranger = document.object?.keys.first(where: { !known.contains($0) }) {
            throw ConversationFault(description: "\(conversation): a step has no member \(stranger)")
        }
        self = try JSONDecoder().decode(Self.self, from: try JSONEncoder().encode(document))
    }

    var isWatch: Bool { send.contains("watch=") }
}

extension JSONValue {
    /// The value at the end of a way: names, places in lists, members that an element has.
    subscript(way: some Collection<JSONValue>) -> JSONValue? {
        guard let step = way.first else { return self }
        let next: JSONValue? =
            switch step {
            case .string(let name): self[name]
            case .int(let index): array.flatMap { $0.indices.contains(Int(index)) ? $0[Int(index)] : nil }
            case .object: array?.first { $0.includes(step) }
            default: nil
            }
        return next?[way.dropFirst()]
    }

    /// Whether it has all members of another document, and so on inside; of a list, whether an element has.
    func includes(_ part: JSONValue) -> Bool {
        guard case .object(let members) = part else { return self == part }
        if let array { return array.contains { $0.includes(part) } }
        return members.allSatisfy { self[$0]?.includes($1) ?? false }
    }

    /// With every text changed.
    func mapTexts(_ change: (String) -> String) -> JSONValue {
        switch self {
        case .string(let text): .string(change(text))
        case .array(let elements): .array(elements.map { $0.mapTexts(change) })
        case .object(let members): .object(members.mapValues { $0.mapTexts(change) })
        default: self
        }
    }
}
