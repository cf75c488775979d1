import InstallationCompiler
import Synchronization

/// What was done to which object; told to people at once, and to programs at the end.
final class InstallReport: Sendable {
    private let entries = Mutex<[(manifest: Manifest, action: Installer.Action)]>([])

    func add(_ manifest: Manifest, _ action: Installer.Action) {
        entries.withLock { $0.append((manifest, action)) }
        StandardError.write(Terminal.printable("\(manifest.title) \(action.rawValue)"))
    }

    /// Runs `body`, and says at its end, to programs as well when they ask, what was done.
    func conclude(_ output: ListFormat, note: String = "", _ body: () async throws -> Void) async throws {
        do {
            try await body()
        } catch {
            if output == .json { StandardOutput.write(json(failure: CommandFailure(error))) }
            throw error
        }
        if output == .json { StandardOutput.write(json(failure: nil)) }
        StandardError.write(summary + note)
    }

    var actions: [(title: String, action: Installer.Action)] {
        entries.withLock { $0.map { ($0.manifest.title, $0.action) } }
    }

    var summary: String {
        let counts = entries.withLock { entries in
            [Installer.Action.created, .changed, .unchanged, .removed].map { action in
                (action, entries.filter { $0.action == action }.count)
            }
        }
        let texts = counts.filter { $0.1 > 0 }.map { "\($0.1) \($0.0.rawValue)" }
        return texts.isEmpty ? "there was nothing to do" : texts.joined(separator: ", ")
    }

    func json(failure: CommandFailure?) -> String {
        let objects = entries.withLock { entries in
            entries.map { entry in
                JSONText.object([
                    ("kind", JSONText.string(entry.manifest.kind)),
                    ("namespace", entry.manifest.namespace.map(JSONText.string) ?? "null"),
                    ("name", JSONText.string(entry.manifest.name)),
                    ("action", JSONText.string(entry.action.rawValue)),
                ])
            }
        }
        let failed = failure.map {
            JSONText.object([("reason", JSONText.string($0.cause)), ("remedy", JSONText.string($0.remedy))])
        }
        let list = objects.isEmpty ? "[]" : "[\n    " + objects.joined(separator: ",\n    ") + "\n  ]"
        return "{\n  \"objects\": \(list),\n  \"failure\": \(failed ?? "null")\n}\n"
    }
}
