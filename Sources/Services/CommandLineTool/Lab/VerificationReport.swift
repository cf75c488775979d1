package import Lab
import PolicyEngine

/// The table of `gabion lab verify`: the questions' columns, then `verdict`, `rule` and `observed`.
package struct VerificationReport: Sendable {
    package let table: CSVTable
    package let differences: Int
    package let unprobed: Int

    /// One verification for each row.
    package init(_ questions: CSVTable, _ answers: [Verification]) {
        var table = questions
        table.header += ["verdict", "rule", "observed"]
        for (index, answer) in answers.enumerated() where table.rows.indices.contains(index) {
            table.rows[index].fields += [
                answer.verdict.allowed ? "allow" : "deny", answer.verdict.rule, answer.observed,
            ]
        }
        self.table = table
        differences = answers.count(where: \.differs)
        unprobed = answers.count { $0.observed == "unprobed" }
    }

    /// One line for people.
    package var summary: String {
        let asked = table.rows.count - unprobed
        let difference = differences == 0 ? "all agree" : "\(differences) differ from the verdict"
        let rest = unprobed == 0 ? "" : "; \(unprobed) not probed, because nobody in the lab has the address"
        return "\(asked) connections tried, \(difference)\(rest)"
    }

    func text(_ format: VerdictFormat) -> String {
        switch format {
        case .csv: return table.text
        case .table:
            return TextTable(header: table.header.map { $0.uppercased() }, rows: table.rows.map(\.fields)).text
        case .json:
            // Where a question has a column of one of our names, ours holds.
            let last = table.header.count
            let columns = table.header.indices.filter { index in
                index >= last - 3 || !["verdict", "rule", "observed"].contains(table.header[index])
            }
            return JSONText.list(
                table.rows.map { row in
                    JSONText.object(columns.map { (table.header[$0], JSONText.string(row.fields[$0])) })
                })
        }
    }
}
