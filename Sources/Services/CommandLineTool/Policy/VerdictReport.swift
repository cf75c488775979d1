package import Foundation
package import ManifestFiles
import PolicyEngine

/// The answers to a table of questions.
package struct VerdictReport: Sendable {
    /// The questions' columns, then `verdict` and `rule`.
    package let table: CSVTable
    package let warnings: [String]

    /// Reads everything before it answers anything.
    ///
    /// `standardInput` is asked only for the queries path `-`.
    ///
    /// Throws `ManifestErrors`, `QueryErrors` or `CommandFailure`.
    package init(
        paths: [String], queries path: String, reader: ManifestReader, standardInput: () throws -> Data
    ) throws {
        let queries = try Self.read(path, standardInput)
        let world: PolicyWorld
        do {
            world = try PolicyWorld(reader.read(paths))
        } catch {
            throw CommandFailure.manifests(error)
        }
        try queries.requirePods(world.pods, file: path, manifests: paths.joined(separator: " "))
        var table = queries.table
        table.header += ["verdict", "rule"]
        for (index, flow) in queries.flows.enumerated() {
            let verdict = world.engine.verdict(for: flow)
            table.rows[index].fields += [verdict.allowed ? "allow" : "deny", verdict.rule]
        }
        self.table = table
        warnings = world.warnings
    }

    private static func read(_ path: String, _ standardInput: () throws -> Data) throws -> FlowQueries {
        let data: Data
        do {
            data = path == "-" ? try standardInput() : try Data(contentsOf: URL(fileURLWithPath: path))
        } catch {
            throw CommandFailure(
                "the queries \(path) cannot be read: \(error.localizedDescription)",
                remedy: "name a CSV file with --queries, or - for standard input")
        }
        guard let text = String(data: data, encoding: .utf8) else {
            throw CommandFailure("the queries \(path) are not UTF-8 text", remedy: "save the table as CSV in UTF-8")
        }
        return try FlowQueries(parsing: text, file: path)
    }
}

extension VerdictReport {
    func text(_ format: VerdictFormat) -> String {
        switch format {
        case .csv: table.text
        case .json: json
        case .table: TextTable(header: table.header.map { $0.uppercased() }, rows: table.rows.map(\.fields)).text
        }
    }

    /// A list of objects whose members are the columns; where a question has a column of that name, ours holds.
    private var json: String {
        let last = table.header.count
        let columns = table.header.indices.filter { index in
            index >= last - 2 || !["verdict", "rule"].contains(table.header[index])
        }
        let objects = table.rows.map { row in
            JSONText.object(columns.map { (table.header[$0], JSONText.string(row.fields[$0])) })
        }
        return JSONText.list(objects)
    }
}

extension CommandFailure {
    /// Manifests that cannot be used: every fault with its place.
    static func manifests(_ errors: ManifestErrors) -> CommandFailure {
        CommandFailure(errors.description, remedy: "correct the manifests; `gabion policy check` shows every fault")
    }
}
