package import ClusterAPI
import FoundationEssentials

/// What a lab is to be: the supervisor reads it from the lab's directory.
package struct LabRequest: Codable, Hashable, Sendable {
    package var name: String
    package var topology: LabTopology
    package var binaries: LabBinaries
    /// Objects to create, in the order of the manifests.
    package var objects: [JSONValue]
    /// The process that the lab ends with, for labs of a test; nil lets it live on.
    package var owner: Int32?

    package init(
        name: LabName, topology: LabTopology, binaries: LabBinaries, objects: [JSONValue], owner: Int32? = nil
    ) {
        self.name = name.text
        self.topology = topology
        self.binaries = binaries
        self.objects = objects
        self.owner = owner
    }
}

/// Values as JSON files, replaced as a whole.
enum JSONFile {
    static func write(_ value: some Encodable, to path: String) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .prettyPrinted]
        try encoder.encode(value).write(to: URL(filePath: path), options: .atomic)
    }

    static func writeText(_ text: String, to path: String) throws {
        try Data(text.utf8).write(to: URL(filePath: path), options: .atomic)
    }

    /// Makes an empty file.
    static func touch(_ path: String) { _ = FileManager.default.createFile(atPath: path, contents: Data()) }

    static func read<Value: Decodable>(_ type: Value.Type = Value.self, from path: String) throws -> Value {
        try JSONDecoder().decode(type, from: Data(contentsOf: URL(filePath: path)))
    }
}
