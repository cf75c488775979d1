import FlowLog
import FlowModel

/// What all nodes answered, and which did not.
struct FlowsReport: Sendable {
    struct NodeAnswer: Sendable {
        let name: String
        var flows: [FlowRecord] = []
        var summary: FlowSummary?
        /// Why there is no answer, or not all of it.
        var failure: String?
    }

    var answers: [NodeAnswer]

    /// Asks all at once.
    ///
    /// - Parameter patience: How long an agent may take.
    static func ask(
        _ sources: FlowSources, _ query: FlowQuery, patience: Duration = .seconds(10)
    ) async -> FlowsReport {
        var answers = sources.missing.map { NodeAnswer(name: $0.name, failure: $0.reason) }
        await withTaskGroup(of: NodeAnswer.self) { group in
            for node in sources.nodes { group.addTask { await ask(node, query, patience) } }
            for await answer in group { answers.append(answer) }
        }
        return FlowsReport(answers: answers.sorted { $0.name < $1.name })
    }

    private static func ask(
        _ node: FlowSources.Node, _ query: FlowQuery, _ patience: Duration
    ) async -> NodeAnswer {
        var answer = NodeAnswer(name: node.name)
        do {
            try await FlowClient(at: node.place, patience: patience).ask(query) { line in
                switch line {
                case .flow(let record): answer.flows.append(record)
                case .summary(let summary): answer.summary = summary
                }
            }
        } catch {
            answer.failure = "\(error)"
        }
        return answer
    }

    /// By time.
    var flows: [FlowRecord] {
        answers.flatMap(\.flows).sorted { ($0.start, $0.observer, $0.id) < ($1.start, $1.observer, $1.id) }
    }

    var isWhole: Bool { answers.allSatisfy { $0.failure == nil } }

    /// For people: who did not answer, and what is not in the log.
    var remarks: [String] {
        answers.flatMap { answer -> [String] in
            var remarks: [String] = []
            if let failure = answer.failure { remarks.append("node \(answer.name) did not answer: \(failure)") }
            guard let summary = answer.summary else { return remarks }
            if !summary.isComplete {
                remarks.append("node \(answer.name) has more: narrow the question or raise --limit")
            }
            if !summary.losses.isNone {
                remarks.append(
                    "node \(answer.name) did not log everything since its agent's start: \(summary.losses.text)")
            }
            return remarks
        }
    }

    func text(_ format: VerdictFormat) -> String {
        switch format {
        case .table: TextTable(header: FlowText.tableHeader, rows: flows.map(FlowText.tableRow)).text
        case .csv:
            CSVTable(
                header: FlowText.header,
                rows: flows.enumerated().map { CSVTable.Row(line: $0.offset + 2, fields: FlowText.fields($0.element)) }
            ).text
        case .json:
            "{\"flows\": [\n  " + flows.map(FlowText.json).joined(separator: ",\n  ") + "\n], \"nodes\": "
                + JSONText.list(answers.map(Self.json)).trimmed + "}\n"
        }
    }

    private static func json(_ answer: NodeAnswer) -> String {
        var members = [
            ("node", JSONText.string(answer.name)), ("answered", answer.failure == nil ? "true" : "false"),
        ]
        if let failure = answer.failure { members.append(("reason", JSONText.string(failure))) }
        if let summary = answer.summary {
            members.append(("complete", summary.isComplete ? "true" : "false"))
            members.append(("lost", JSONText.object(summary.losses.all.map { ($0.name, "\($0.count)") })))
        }
        return JSONText.object(members)
    }
}

extension String {
    /// Without its last line feed.
    fileprivate var trimmed: String { hasSuffix("\n") ? String(dropLast()) : self }
}
