/// What should have been learned, by a list that is gone through from end to end, in text.
///
/// Knows nothing of how the model does it.
struct NaiveNames {
    struct Entry: Hashable {
        let pod: String
        let name: String
        let address: String
        var deadline: UInt64
    }

    var patterns: [String: Set<String>] = [:]
    var entries: [Entry] = []
    let perName: Int
    let perPod: Int
    let inAll: Int

    /// `*.` is one label, `**.` at least one.
    static func matches(_ pattern: String, _ name: String) -> Bool {
        let parts = pattern.split(separator: ".").map(String.init)
        let labels = name.split(separator: ".").map(String.init)
        switch parts[0] {
        case "*": return labels.count == parts.count && Array(labels.dropFirst()) == Array(parts.dropFirst())
        case "**":
            return labels.count >= parts.count && Array(labels.suffix(parts.count - 1)) == Array(parts.dropFirst())
        default: return labels == parts
        }
    }

    func isMentioned(_ name: String, by pod: String) -> Bool {
        (patterns[pod] ?? []).contains { Self.matches($0, name) }
    }

    mutating func mention(_ texts: Set<String>, by pod: String) {
        patterns[pod] = texts
        entries = entries.filter { $0.pod != pod || isMentioned($0.name, by: pod) }
    }

    mutating func remove(_ pod: String) {
        patterns[pod] = nil
        entries.removeAll { $0.pod == pod }
    }

    /// Records are `owner time data`.
    mutating func learn(_ pod: String, _ name: String, _ records: [String], at now: UInt64) {
        let words = records.map { $0.split(separator: " ").map(String.init) }
        var way: [String] = [name]
        var times: [UInt64] = []
        while way.count <= 17 {
            let aliases = words.filter { $0[0] == way.last && $0[2].contains("example") }
            if Set(aliases.map { $0[2] }).count > 1 { return }
            guard let alias = aliases.last else { break }
            way.append(alias[2])
            times.append(UInt64(alias[1]) ?? 0)
        }
        if way.count > 17 { return }
        for (place, name) in way.enumerated() where isMentioned(name, by: pod) {
            for word in words where word[0] == way.last && !word[2].contains("example") {
                let time = (times[place...] + [UInt64(word[1]) ?? 0]).min() ?? 0
                enter(Entry(pod: pod, name: name, address: word[2], deadline: now + max(60, time + 5)))
            }
        }
    }

    private mutating func enter(_ entry: Entry) {
        let same = entries.firstIndex { ($0.pod, $0.name, $0.address) == (entry.pod, entry.name, entry.address) }
        if let same {
            entries[same].deadline = max(entries[same].deadline, entry.deadline)
            return
        }
        let own = entries.filter { $0.pod == entry.pod }
        guard own.filter({ $0.name == entry.name }).count < perName, own.count < perPod, entries.count < inAll else {
            return
        }
        entries.append(entry)
    }

    mutating func expire(at now: UInt64, uses: Set<[String]>) {
        entries = entries.filter { $0.deadline > now || uses.contains([$0.pod, $0.address]) }
    }

    var contents: [String: [String]] {
        var sets: [String: Set<String>] = [:]
        for entry in entries {
            for pattern in patterns[entry.pod] ?? [] where Self.matches(pattern, entry.name) {
                sets[pattern + ".", default: []].insert(entry.address)
            }
        }
        return sets.mapValues { $0.sorted() }
    }
}
