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

    package func news() throws -> [LearnedLine] {
        let news = try journal.withLock { try $0.read() }
        let decoder = JSONDecoder()
        return (news.isAnother ? [.begin] : [])
            + (try news.lines.map { try decoder.decode(LearnedLine.self, from: Data($0)) })
    }
}
