import ClusterAPI
import DNSFormats
import DequeModule
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

    /// One question among those that wait.
    private struct Place: Sendable {
        let key: Key
        let serial: UInt64
    }

    private struct Waiting: Sendable {
        let serial: UInt64
        let entry: Entry
    }

    /// For how many seconds an answer is waited for.
    private static let patience: UInt64 = 10

    private var open: [Key: [Waiting]] = [:]
    private var counts: [ObjectKey: Int] = [:]
    /// The questions of each pod as they came; among them such as are not open any more.
    private var order: [ObjectKey: Deque<Place>] = [:]
    private var last: UInt64 = 0

    func count(of pod: ObjectKey) -> Int { counts[pod, default: 0] }

    func hasQuestion(_ key: Key) -> Bool { open[key] != nil }

    mutating func add(_ entry: Entry, _ key: Key) {
        last += 1
        open[key, default: []].append(Waiting(serial: last, entry: entry))
        counts[entry.pod, default: 0] += 1
        order[entry.pod, default: []].append(Place(key: key, serial: last))
        if order[entry.pod, default: []].count > 2 * count(of: entry.pod) + 64 {
            order[entry.pod]?.removeAll { place in open[place.key]?.contains { $0.serial == place.serial } != true }
        }
    }

    /// The question with that number which `question` repeats, or any with the number if the answer leaves it out; it is open no
    /// more.
    ///
    /// A pod that heard nothing asks the same again, and is answered as often.
    mutating func take(_ key: Key, answering question: DNSQuestion?) -> Entry? {
        take(key) { question == nil || $0.entry.question == question }
    }

    private mutating func take(_ key: Key, where isMeant: (Waiting) -> Bool) -> Entry? {
        guard var waiting = open[key], let place = waiting.firstIndex(where: isMeant) else { return nil }
        let entry = waiting.remove(at: place).entry
        open[key] = waiting.isEmpty ? nil : waiting
        forget(entry)
        return entry
    }

    private mutating func forget(_ entry: Entry) {
        counts[entry.pod] = counts[entry.pod].flatMap { $0 > 1 ? $0 - 1 : nil }
        if counts[entry.pod] == nil { order[entry.pod] = nil }
    }

    /// Forgets the oldest question of a pod, and returns it: the pod has most likely given it up.
    mutating func forgetOldest(of pod: ObjectKey) -> Entry? {
        while let place = order[pod]?.popFirst() {
            if let entry = take(place.key, where: { $0.serial == place.serial }) { return entry }
        }
        return nil
    }

    /// Forgets those that nobody answers any more, and returns them.
    mutating func giveUp(before now: UInt64) -> [Entry] { remove { $0.since + Self.patience <= now } }

    mutating func remove(of pod: ObjectKey) { _ = remove { $0.pod == pod } }

    private mutating func remove(where isOver: (Entry) -> Bool) -> [Entry] {
        var ended: [Entry] = []
        for (key, waiting) in open where waiting.contains(where: { isOver($0.entry) }) {
            ended += waiting.map(\.entry).filter(isOver)
            let rest = waiting.filter { !isOver($0.entry) }
            open[key] = rest.isEmpty ? nil : rest
        }
        for entry in ended { forget(entry) }
        return ended
    }
}
