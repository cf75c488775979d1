import FoundationEssentials

/// The steps of a lab that comes up, one line each, for the command that waits for it.
struct ProgressLog: Sendable {
    static let ready = "ready"
    static let failure = "failed: "

    let path: String

    func write(_ line: String) {
        let text = Data((line.split(separator: "\n").joined(separator: "\u{1}") + "\n").utf8)
        guard var all = FileManager.default.contents(atPath: path) else {
            _ = FileManager.default.createFile(atPath: path, contents: text)
            return
        }
        all.append(text)
        try? all.write(to: URL(filePath: path), options: .atomic)
    }

    func fail(_ error: any Error) { write(Self.failure + String(describing: error)) }

    /// The lines so far; a line's own line breaks come back.
    static func lines(at path: String) -> [String] {
        guard let data = FileManager.default.contents(atPath: path) else { return [] }
        return String(decoding: data, as: UTF8.self).split(separator: "\n").map {
            $0.split(separator: "\u{1}", omittingEmptySubsequences: false).joined(separator: "\n")
        }
    }
}
