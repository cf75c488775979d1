import ArgumentParser
import Foundation

/// How a verb writes the answers to a table of questions.
enum VerdictFormat: String, ExpressibleByArgument, CaseIterable {
    case csv, json, table

    /// What a person at a terminal wants, and what a program at the end of a pipe does.
    static var usual: VerdictFormat { isatty(STDOUT_FILENO) == 1 ? .table : .csv }
}

extension CSVTable {
    /// The questions' columns with those of the answers behind them, which are called `names`.
    ///
    /// As JSON a row is an object: where a question has a column of one of these names, the answer holds.
    func text(_ format: VerdictFormat, answers names: [String]) -> String {
        switch format {
        case .csv: return text
        case .table:
            // The rule is a sentence: last, so that the columns beside it stay in sight.
            let rule = header.lastIndex(of: "rule").map { [$0] } ?? []
            let order = header.indices.filter { !rule.contains($0) } + rule
            return TextTable(
                header: order.map { header[$0].uppercased() }, rows: rows.map { row in order.map { row.fields[$0] } }
            ).text
        case .json:
            let first = header.count - names.count
            let columns = header.indices.filter { $0 >= first || !names.contains(header[$0]) }
            return JSONText.list(
                rows.map { row in JSONText.object(columns.map { (header[$0], JSONText.string(row.fields[$0])) }) })
        }
    }
}
