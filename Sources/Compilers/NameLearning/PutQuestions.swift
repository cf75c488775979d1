import ClusterAPI
import DNSFormats
import EgressNames
import NameMessages

/// The questions that pods have put and that nobody has answered yet.
struct PutQuestions: Sendable {
    struct Key: Hashable, Sendable {
        let client: NameEnd
        let server: NameEnd
        let number: UInt16
    }

    struct Entry: Sendable {
        let pod: ObjectKey
        let question: DNSQuestion
        /// Nil for a question that teaches nothing: not for addresses, or beyond the pod's limit.
        let put: PutQuestion?
        let since: UInt64
    }

    /// For one pod.
    static let limit = 1024
    /// For how many seconds an answer is waited for.
    private static let patience: UInt64 = 10

    private var open: [Key: [Entry]] = [:]
    private var counts: [ObjectKey: Int] = [:]

    func hasRoom(for pod: ObjectKey) -> Bool { counts[pod, default: 0] < Self.limit }

    func hasQuestion(_ key: Key) -> Bool { open[key] != nil }

    mutating func add(_ entry: Entry, _ key: Key) {
        open[key, default: []].append(entry)
        counts[entry.pod, default: 0] += 1
    }

    /// The question with that number which `question` repeats, or any with the number if the answer leaves it out; it is open no
    /// more.
    ///
    /// A pod that heard nothing asks the same again, and is answered as often.
    mutating func take(_ key: Key, answering question: DNSQuestion?) -> Entry? {
        guard var entries = open[key],
            let place = entries.firstIndex(where: { question == nil || $0.question == question })
        else { return nil }
        let entry = entries.remove(at: place)
        open[key] = entries.isEmpty ? nil : entries
        counts[entry.pod] = counts[entry.pod].flatMap { $0 > 1 ? $0 - 1 : nil }
        return entry
    }

    /// Forgets those that nobody answers any more, and returns them.
    mutating func giveUp(before now: UInt64) -> [Entry] { remove { $0.since + Self.patience <= now } }

    mutating func remove(of pod: ObjectKey) { _ = remove { $0.pod == pod } }

    private mutating func remove(where isOver: (Entry) -> Bool) -> [Entry] {
        var ended: [Entry] = []
        for (key, entries) in open where entries.contains(where: isOver) {
            ended += entries.filter(isOver)
            let rest = entries.filter { !isOver($0) }
            open[key] = rest.isEmpty ? nil : rest
        }
        for entry in ended { counts[entry.pod] = counts[entry.pod].flatMap { $0 > 1 ? $0 - 1 : nil } }
        return ended
    }
}
