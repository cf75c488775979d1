import ClusterAPI
import Foundation

/// One command, and what of its output is compared.
struct CommandStep: Decodable, Sendable {
    /// The words behind `kubectl`, with blanks between them; '…' holds some together.
    let kubectl: String
    /// In a few words, where the command does not say it, or is there twice.
    let does: String?
    /// As in `ConversationStep`.
    let user: String?
    /// What is read from standard input: a text, an object, or a list of objects.
    let input: JSONValue?
    let environment: [String: String]?
    /// Does it again until this is printed.
    let until: String?
    /// Ends it when it has printed so many lines: it would go on for ever.
    let lines: Int?
    /// Other commands, which begin when it has printed its first line.
    let meanwhile: [String]?
    /// Regular expressions of what is not compared.
    let blur: [String]?
    /// Only the lines are compared in which one of these regular expressions is found.
    let only: [String]?
    /// The order of the lines is of no meaning.
    let sorted: Bool?

    private enum CodingKeys: String, CodingKey, CaseIterable {
        case kubectl, does, user, input, environment, until, lines, meanwhile, blur, only, sorted
    }

    init(_ document: JSONValue, of session: String) throws {
        let known = Set(CodingKeys.allCases.map(\.rawValue))
        if let stranger = document.object?.keys.first(where: { !known.contains($0) }) {
            throw ConversationFault(description: "\(session): a step has no member \(stranger)")
        }
        self = try JSONDecoder().decode(Self.self, from: try JSONEncoder().encode(document))
    }

    var name: String { does ?? kubectl }

    static func words(_ command: String) -> [String] {
        var words: [String] = []
        var word: String?
        var isQuoted = false
        for character in command {
            switch character {
            case "'":
                isQuoted.toggle()
                word = word ?? ""
            case " " where !isQuoted:
                if let word { words.append(word) }
                word = nil
            default: word = (word ?? "") + String(character)
            }
        }
        return words + (word.map { [$0] } ?? [])
    }

    /// Objects as JSON, one behind the other.
    var inputText: String {
        get throws {
            guard let input else { return "" }
            if let text = input.string { return text }
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
            return try (input.array ?? [input]).map { String(decoding: try encoder.encode($0), as: UTF8.self) + "\n" }
                .joined()
        }
    }
}
