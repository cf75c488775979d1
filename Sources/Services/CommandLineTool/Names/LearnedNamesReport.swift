import ClusterAPI
import EgressNames
import NameLearner
import NetworkTypes

/// What was learned on one node.
struct LearnedNamesReport {
    let node: String
    let status: NameStatus?
    private let entries: [LearnedAddress]

    init(node: String, _ files: NameFiles) {
        self.node = node
        status = NameStatus.read(files.status)
        entries = NameJournal.read(files.journal).sorted {
            ($0.client.description, $0.name.description, $0.address)
                < ($1.client.description, $1.name.description, $1.address)
        }
    }

    var isWell: Bool { status.map { $0.problem == nil && $0.complaints.isEmpty } ?? true }

    /// For people: 80 columns wide where names allow it.
    static func text(_ reports: [LearnedNamesReport], at now: UInt64) -> String {
        let rows = reports.flatMap { report in
            report.entries.map { entry in
                (report.node.isEmpty ? [] : [report.node]) + [
                    "\(entry.client)", "\(entry.name)", "\(entry.address)", rest(entry, at: now),
                ]
            }
        }
        let header = (reports.first?.node.isEmpty == false ? ["NODE"] : []) + ["POD", "NAME", "ADDRESS", "FOR"]
        let table =
            rows.isEmpty ? "no address of a name has been learned\n" : TextTable(header: header, rows: rows).text
        return table + reports.flatMap(\.notes).map { $0 + "\n" }.joined()
    }

    /// What is over lasts while a connection uses it.
    private static func rest(_ entry: LearnedAddress, at now: UInt64) -> String {
        entry.deadline > now ? "\(entry.deadline - now)s" : "in use"
    }

    /// What was refused and what fails, in words.
    private var notes: [String] {
        let place = node.isEmpty ? "" : "\(node): "
        guard let status else { return ["\(place)no gabion names has run here"] }
        let problem = status.problem.map { ["\(place)addresses cannot be entered: \($0)"] } ?? []
        let lost =
            status.lostQuestions > 0 ? ["\(place)\(status.lostQuestions) questions came too fast to be heard"] : []
        let lapses =
            status.lapses > 0
            ? ["\(place)gabion names stood still \(status.lapses) times: what was answered then opens nothing"] : []
        return problem + lost + lapses + status.complaints.map { "\(place)\($0.pod): \($0.text)" }
    }

    func json(at now: UInt64) -> String {
        let learned = entries.map { entry in
            JSONText.object([
                ("pod", JSONText.string("\(entry.client)")), ("name", JSONText.string("\(entry.name)")),
                ("address", JSONText.string("\(entry.address)")),
                ("seconds", "\(entry.deadline > now ? entry.deadline - now : 0)"),
            ])
        }
        let complaints = (status?.complaints ?? []).map {
            JSONText.object([("pod", JSONText.string($0.pod)), ("problem", JSONText.string($0.text))])
        }
        return JSONText.object([
            ("node", JSONText.string(node)), ("learned", "[" + learned.joined(separator: ", ") + "]"),
            ("refused", "[" + complaints.joined(separator: ", ") + "]"),
            ("answers", "\(status?.answers ?? 0)"), ("limit", "\(status?.limit ?? 0)"),
            ("problem", status?.problem.map(JSONText.string) ?? "null"),
        ])
    }
}
