import ClusterAPI
import Foundation
import ManifestFiles

/// What a client says to an API server, step by step: a file of `Conversations`.
package struct APIConversation: Sendable {
    /// Also the name of its namespace, which is there before it begins.
    package let name: String
    /// Whether managedFields are compared.
    package let comparesOwners: Bool
    package let steps: [ConversationStep]

    /// All that there are, by name.
    package static func all() throws -> [APIConversation] {
        try ManifestReader().read([folder + "/Conversations"]).map { try APIConversation($0) }
    }

    /// Where the conversations and their recordings are.
    static var folder: String { #filePath.split(separator: "/").dropLast().map { "/" + $0 }.joined() }

    private init(_ object: ManifestObject) throws {
        name = object.key.name
        guard object.kind == "Conversation", !name.isEmpty else {
            throw ConversationFault(description: "\(object.file): not a Conversation with a name")
        }
        comparesOwners = object.value["comparesOwners"]?.bool ?? false
        let name = name
        steps = try (object.value["steps"]?.array ?? []).map { try ConversationStep($0, of: name) }
        guard Set(steps.map(\.does)).count == steps.count, !steps.isEmpty else {
            throw ConversationFault(description: "\(object.file): no steps, or two that do the same")
        }
    }
}

/// A conversation that cannot be held as it is written.
package struct ConversationFault: Error, CustomStringConvertible {
    package let description: String

    package init(description: String) { self.description = description }
}
