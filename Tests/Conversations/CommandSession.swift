import ClusterAPI
import ManifestFiles

/// What an administrator does with kubectl, command by command: a file of `Commands`.
package struct CommandSession: Sendable {
    /// Also the name of its namespace, which is there before it begins.
    package let name: String
    let steps: [CommandStep]

    /// All that there are, by name.
    package static func all() throws -> [CommandSession] {
        try ManifestReader().read([APIConversation.folder + "/Commands"]).map { try CommandSession($0) }
    }

    private init(_ object: ManifestObject) throws {
        name = object.key.name
        guard object.kind == "CommandSession", !name.isEmpty else {
            throw ConversationFault(description: "\(object.file): not a CommandSession with a name")
        }
        let name = name
        steps = try (object.value["steps"]?.array ?? []).map { try CommandStep($0, of: name) }
        let names = steps.map(\.name)
        guard Set(names).count == names.count, !names.isEmpty else {
            let twice = Set(names.filter { name in names.count { $0 == name } > 1 }).sorted()
            throw ConversationFault(description: "\(object.file): no steps, or some that do the same: \(twice)")
        }
    }
}
