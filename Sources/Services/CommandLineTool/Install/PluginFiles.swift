import CNISpec
import Foundation
import LinuxSystem
import ManifestFiles

/// The plugin and its configuration, where container runtimes look for them.
struct PluginFiles: Sendable {
    let programs: String
    let configuration: String

    private var programPath: String { "\(programs)/\(NetworkList.program)" }
    private var configurationPath: String { "\(configuration)/\(NetworkList.fileName)" }

    private static var list: Data {
        get throws {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
            return try encoder.encode(NetworkList(socket: NetworkConfiguration.defaultSocket)) + [10]
        }
    }

    /// The program first: a runtime that sees the configuration calls it.
    ///
    /// Returns what was done, in words.
    func install(from source: String) throws -> [String] {
        let content: Data
        do {
            content = try Data(contentsOf: URL(filePath: source))
        } catch {
            throw CommandFailure(
                "the plugin \(source) cannot be read: \(FileFault.reason(error))", remedy: "Name it with --from.")
        }
        return [
            try replace(programPath, content, mode: 0o755),
            try replace(configurationPath, try Self.list, mode: 0o644),
        ]
    }

    /// In the other order.
    func remove() throws -> [String] {
        try [configurationPath, programPath].map { path in
            guard FileManager.default.fileExists(atPath: path) else { return "\(path) is not there" }
            do {
                try FileManager.default.removeItem(atPath: path)
            } catch {
                throw CommandFailure("\(path) cannot be removed: \(FileFault.reason(error))")
            }
            return "\(path) removed"
        }
    }

    /// Whole or not at all, whoever reads it meanwhile.
    private func replace(_ path: String, _ content: Data, mode: Int) throws -> String {
        let manager = FileManager.default
        if manager.contents(atPath: path) == content, Self.mode(of: path) == mode { return "\(path) unchanged" }
        let folder = URL(filePath: path).deletingLastPathComponent().path
        // Runtimes read no file that begins with a dot.
        let beside = "\(folder)/.\(URL(filePath: path).lastPathComponent).new"
        do {
            try manager.createDirectory(atPath: folder, withIntermediateDirectories: true)
            if manager.fileExists(atPath: beside) { try manager.removeItem(atPath: beside) }
            guard manager.createFile(atPath: beside, contents: nil, attributes: [.posixPermissions: mode]) else {
                throw CocoaError(.fileWriteUnknown, userInfo: [NSFilePathErrorKey: beside])
            }
            let file = try FileHandle(forWritingTo: URL(filePath: beside))
            try file.write(contentsOf: content)
            try file.synchronize()
            try file.close()
            try manager.setAttributes([.posixPermissions: mode], ofItemAtPath: beside)
            try FileReplacement.move(beside, onto: path)
        } catch {
            try? manager.removeItem(atPath: beside)
            throw CommandFailure(
                "\(path) cannot be written: \((error as? CocoaError).map(FileFault.reason) ?? "\(error)")",
                remedy: "It needs a folder that this user may write to; the old file is as it was.")
        }
        return "\(path) written"
    }

    private static func mode(of path: String) -> Int? {
        let attributes = try? FileManager.default.attributesOfItem(atPath: path)
        return (attributes?[.posixPermissions] as? NSNumber)?.intValue
    }
}
