import ClusterAPI
import EgressNames
import FoundationEssentials
import LinuxSystem
import NameLearning
import NetworkTypes

/// `R/names-status.json`: how the learner is, for people and programs.
package struct NameStatus: Codable, Hashable, Sendable {
    package struct Complaint: Codable, Hashable, Sendable {
        package let pod: String
        package let text: String
    }

    package var pid: Int32
    /// Of the orders that it follows; nil before the first.
    package var revision: UInt64?
    /// That mention names.
    package var pods: Int
    package var sets: Int
    package var servers: [String]
    /// Addresses of names, each for a pod; and how many there may be.
    package var entries: Int
    package var limit: Int
    package var questions: UInt64
    package var answers: UInt64
    /// Questions that were not heard, since they came too fast.
    package var lostQuestions: UInt64
    /// How often the learner stood still, so that answers went to pods directly and taught nothing.
    package var lapses: UInt64
    package var streams: Int
    /// By their reasons.
    package var drops: [String: UInt64]
    package var refusals: [String: UInt64]
    package var complaints: [Complaint]
    /// Why addresses cannot be entered now.
    package var problem: String?

    init(_ state: borrowing LearnerState) {
        let tally = state.gate.tally
        pid = ProcessInfo.processInfo.processIdentifier
        revision = state.orders?.revision
        pods = state.orders?.pods.count ?? 0
        sets = state.orders?.sets.count ?? 0
        servers = state.servers.sorted().map(\.description)
        entries = state.gate.names.count
        limit = state.gate.names.limits.addresses
        questions = tally.questions
        answers = tally.answers
        lostQuestions = state.lost
        lapses = state.lapses
        streams = tally.streams
        drops = Dictionary(uniqueKeysWithValues: tally.drops.map { ($0.key.rawValue, $0.value) })
        refusals = tally.refusals
        complaints = tally.complaints.map { Complaint(pod: $0.pod.description, text: $0.text) }
        problem = state.problem
    }

    /// Nil when there is none, or it is another program's.
    package static func read(_ path: String) -> NameStatus? {
        FileManager.default.contents(atPath: path).flatMap { try? JSONDecoder().decode(NameStatus.self, from: $0) }
    }

    func write(to path: String) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
        try OwnedDescriptor.open(path + ".new", for: .overwrite).write(Array(try encoder.encode(self)) + [10])
        try FileReplacement.move(path + ".new", onto: path)
    }

    /// The Prometheus text format.
    package var metrics: String {
        var lines: [String] = []
        for (name, value) in [
            ("questions", questions), ("answers", answers), ("lost_questions", lostQuestions),
            ("lapses", lapses),
        ] {
            lines += ["# TYPE gabion_names_\(name)_total counter", "gabion_names_\(name)_total \(value)"]
        }
        for (name, label, values) in [("drops", "reason", drops), ("refusals", "reason", refusals)] {
            lines.append("# TYPE gabion_names_\(name)_total counter")
            for (key, value) in values.sorted(by: { $0.key < $1.key }) {
                lines.append("gabion_names_\(name)_total{\(label)=\"\(key)\"} \(value)")
            }
        }
        let gauges = [
            ("addresses", entries), ("addresses_limit", limit), ("pods", pods), ("sets", sets), ("streams", streams),
            ("failing", problem == nil ? 0 : 1),
        ]
        for (name, value) in gauges { lines += ["# TYPE gabion_names_\(name) gauge", "gabion_names_\(name) \(value)"] }
        return lines.map { $0 + "\n" }.joined()
    }
}
