package import EgressNames
import Foundation
import LinuxSystem
import Synchronization

/// The exchange by two files in the run directory.
package final class NameFiles: NameExchange {
    /// The agent's, replaced as a whole.
    package static let orders = "names.json"
    /// The other process', which it appends to.
    package static let journal = "names-learned.jsonl"

    private let directory: String
    private let journal: Mutex<FollowedFile>

    package init(runDirectory: String) {
        directory = runDirectory
        journal = Mutex(FollowedFile(path: runDirectory + "/" + Self.journal))
    }

    private var path: String { directory + "/" + Self.orders }

    package func lastOrders() -> NameOrders? {
        guard let text = try? Data(contentsOf: URL(filePath: path)) else { return nil }
        return try? JSONDecoder().decode(NameOrders.self, from: text)
    }

    package func order(_ orders: NameOrders) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let draft = path + ".new"
        try OwnedDescriptor.open(draft, for: .overwrite).write(Array(encoder.encode(orders)))
        try FileReplacement.move(draft, onto: path)
    }

    package func news() throws -> NameNews {
        let read = try journal.withLock { try $0.read() }
        let decoder = JSONDecoder()
        var news = NameNews()
        if read.isAnother { news.lines.append(.begin) }
        for line in read.lines {
            do {
                news.lines.append(try decoder.decode(LearnedLine.self, from: Data(line)))
            } catch {
                let text = String(decoding: line.prefix(120), as: UTF8.self)
                news.fault = news.fault ?? "\(Self.journal): '\(text)': \(error)"
            }
        }
        return news
    }
}
