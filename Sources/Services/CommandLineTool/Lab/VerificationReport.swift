package import Lab
import ServiceVerdicts

/// The table of `gabion lab verify`: the questions' columns, then `verdict`, `rule` and `observed`.
package struct VerificationReport: Sendable {
    package let table: CSVTable
    package let differences: Int
    package let unprobed: Int

    /// One verification for each row.
    package init(_ questions: CSVTable, _ answers: [Verification]) {
        var table = questions
        table.header += Self.columns
        for (index, answer) in answers.enumerated() where table.rows.indices.contains(index) {
            table.rows[index].fields += [
                answer.answer.isAllowed ? "allow" : "deny", answer.answer.rule, answer.observed,
            ]
        }
        self.table = table
        differences = answers.count(where: \.differs)
        unprobed = answers.count { $0.observed == "unprobed" }
    }

    /// One line for people.
    package var summary: String {
        let asked = table.rows.count - unprobed
        let count = asked == 1 ? "1 connection" : "\(asked) connections"
        let difference =
            differences == 0
            ? "all agree" : "\(differences) \(differences == 1 ? "differs" : "differ") from the verdict"
        let rest = unprobed == 0 ? "" : "; \(unprobed) not probed, because nothing in the lab leads to the address"
        return "\(count) tried, \(difference)\(rest)"
    }

    func text(_ format: VerdictFormat) -> String { table.text(format, answers: Self.columns) }

    private static let columns = ["verdict", "rule", "observed"]
}
