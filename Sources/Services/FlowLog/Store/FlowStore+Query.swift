package import FlowModel
import GRDB

extension FlowStore {
    /// The latest records that a filter wants, ascending, and whether these are all.
    ///
    /// SQLite narrows by time and verdict; the filter itself decides.
    package func records(_ filter: FlowFilter, limit: Int) throws -> (records: [FlowRecord], isComplete: Bool) {
        try queue.read { database in
            var sql = "SELECT * FROM flow WHERE last >= ? AND start < ?"
            var arguments: StatementArguments = [filter.since ?? .min, filter.until ?? .max]
            if let verdict = filter.verdict {
                sql += " AND verdict = ?"
                arguments += [verdict.rawValue]
            }
            let rows = try Row.fetchCursor(database, sql: sql + " ORDER BY id DESC", arguments: arguments)
            var records: [FlowRecord] = []
            while let row = try rows.next() {
                guard let record = Self.record(row), filter.matches(record) else { continue }
                if records.count >= max(0, limit) { return (records.reversed(), false) }
                records.append(record)
            }
            return (records.reversed(), true)
        }
    }
}
