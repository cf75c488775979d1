import ClusterAPI

/// For each workload the smallest selector that selects its pods and no others of its namespace.
struct WorkloadSelectors {
    private let workloads: [String: [Workload]]

    init(_ workloads: some Sequence<Workload>) {
        self.workloads = Dictionary(grouping: Set(workloads), by: \.namespace).mapValues { $0.sorted() }
    }

    func selector(_ workload: Workload) -> LabelSelector {
        let rivals = (workloads[workload.namespace] ?? []).filter { $0 != workload }
        let keys = Self.keys(of: workload)
        func selects(_ chosen: [String], _ rival: Workload) -> Bool {
            chosen.allSatisfy { rival.labels[$0] == workload.labels[$0] }
        }
        func isExact(_ chosen: [String]) -> Bool { !rivals.contains { selects(chosen, $0) } }
        func labels(_ chosen: [String]) -> [String: String] {
            Dictionary(uniqueKeysWithValues: chosen.compactMap { key in workload.labels[key].map { (key, $0) } })
        }
        for key in keys where isExact([key]) { return LabelSelector(matchLabels: labels([key])) }
        for (place, key) in keys.enumerated() {
            for other in keys.dropFirst(place + 1) where isExact([key, other]) {
                return LabelSelector(matchLabels: labels([key, other]))
            }
        }
        // Rivals that have all its labels and more are told by what it lacks.
        let lacking = Self.lacking(workload, rivals.filter { selects(keys, $0) })
        let left = rivals.filter { rival in !lacking.contains { rival.labels[$0] != nil } }
        var chosen = keys
        for key in keys.reversed() {
            let fewer = chosen.filter { $0 != key }
            if !left.contains(where: { selects(fewer, $0) }) { chosen = fewer }
        }
        // A naming label is kept for the reader.
        if chosen.isEmpty, let key = keys.first { chosen = [key] }
        let expressions = lacking.map { LabelSelector.Requirement(key: $0, operator: .doesNotExist) }
        return LabelSelector(
            matchLabels: chosen.isEmpty ? nil : labels(chosen), matchExpressions: lacking.isEmpty ? nil : expressions)
    }

    /// The best names first.
    static func keys(of workload: Workload) -> [String] {
        let naming = Workload.namingLabels.filter { workload.labels[$0] != nil }
        return naming + workload.labels.keys.filter { !naming.contains($0) }.sorted()
    }

    /// Few label keys that the workload lacks and of which every rival has one.
    private static func lacking(_ workload: Workload, _ rivals: [Workload]) -> [String] {
        var rest = rivals
        var chosen: [String] = []
        while !rest.isEmpty {
            var counts: [String: Int] = [:]
            for rival in rest {
                for key in rival.labels.keys where workload.labels[key] == nil { counts[key, default: 0] += 1 }
            }
            let best = counts.max { ($0.value, $1.key) < ($1.value, $0.key) }
            guard let key = best?.key else { break }
            chosen.append(key)
            rest = rest.filter { $0.labels[key] == nil }
        }
        return chosen.sorted()
    }
}
