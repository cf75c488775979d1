package import EgressNames
import FoundationEssentials
import LinuxSystem

/// The journal of what was learned, in a file system that forgets when the machine does.
package struct NameJournal: ~Copyable, Sendable {
    /// Beyond twice what there is to say, and so many lines, it is written anew.
    private static let slack = 1024

    private let path: String
    private var file: OwnedDescriptor?
    private var lines = 0

    package init(_ path: String) { self.path = path }

    /// What the journal says, the latest word on each; nothing if there is none or it is another program's.
    package static func read(_ path: String) -> [LearnedAddress] {
        guard let data = FileManager.default.contents(atPath: path) else { return [] }
        let decoder = JSONDecoder()
        var entries: [Place: LearnedAddress] = [:]
        // What has no end yet was never said.
        for line in data.split(separator: 10, omittingEmptySubsequences: false).dropLast() {
            switch try? decoder.decode(LearnedLine.self, from: line) {
            case .begin?: entries = [:]
            case .add(let entry)?: entries[Place(entry)] = entry
            case .remove(let client, let name, let address)?:
                entries[Place(LearnedAddress(client: client, name: name, address: address, deadline: 0))] = nil
            case nil: continue
            }
        }
        return entries.values.sorted { ($0.deadline, $0.address) < ($1.deadline, $1.address) }
    }

    private struct Place: Hashable {
        let text: String

        init(_ entry: LearnedAddress) { text = "\(entry.client) \(entry.name) \(entry.address)" }
    }

    /// Writes it anew: the old one is there until the new one is whole.
    package mutating func begin(with entries: [LearnedAddress]) throws {
        let fresh = try OwnedDescriptor.open(path + ".new", for: .overwrite)
        try fresh.write(try Self.text([.begin] + entries.map { .add($0) }))
        try FileReplacement.move(path + ".new", onto: path)
        file = consume fresh
        lines = entries.count + 1
    }

    /// In one write, so that readers see all or nothing of it.
    package mutating func append(_ news: [LearnedLine]) throws {
        guard !news.isEmpty else { return }
        let text = try Self.text(news)
        lines += news.count
        guard let open = file.take() else { throw SystemError("append to", path, .notFound) }
        // What failed in the middle is not gone on with.
        try open.write(text)
        file = consume open
    }

    package var isBegun: Bool {
        switch file {
        case .some: true
        case .none: false
        }
    }

    /// Whether it should begin anew, when there are so many entries.
    package func isLong(for entries: Int) -> Bool { lines > 2 * entries + Self.slack }

    private static func text(_ lines: [LearnedLine]) throws -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return try lines.flatMap { Array(try encoder.encode($0)) + [10] }
    }
}
