import GRDB

extension FlowStore {
    /// Removes what is too old, and the oldest of what is too much, and gives the space back.
    ///
    /// - Parameter time: microseconds since 1970.
    package func trim(at time: Int64) throws {
        let oldest = time - Int64(bounds.age / .microseconds(1))
        try queue.write { database in
            try database.execute(sql: "DELETE FROM flow WHERE last < ?", arguments: [oldest])
        }
        while try size() > bounds.size {
            let removed = try queue.write { database in
                // A twentieth, by age: few steps, and little is removed beyond what must be.
                let count = try Int.fetchOne(database, sql: "SELECT count(*) FROM flow") ?? 0
                try database.execute(
                    sql: "DELETE FROM flow WHERE id IN (SELECT id FROM flow ORDER BY id LIMIT ?)",
                    arguments: [max(1, count / 20)])
                return database.changesCount
            }
            if removed == 0 { break }
        }
        try queue.writeWithoutTransaction { database in
            try database.execute(sql: "PRAGMA incremental_vacuum")
            _ = try database.checkpoint(.truncate)
        }
    }

    /// Of the pages in use, in bytes.
    package func size() throws -> Int64 {
        try queue.read { database in
            func number(_ pragma: String) throws -> Int64 {
                try Int64.fetchOne(database, sql: "PRAGMA \(pragma)") ?? 0
            }
            return (try number("page_count") - number("freelist_count")) * (try number("page_size"))
        }
    }
}
