import ClusterAPI
import KubernetesClient

/// The server's table as text; empty when it has no rows.
struct ObjectTable {
    let text: String

    /// - Parameter kind: Stands before each name, where tables of several kinds follow each other.
    init(_ table: Table, showsNamespace: Bool, kind: String? = nil) {
        let shown = table.columnDefinitions.indices.filter { (table.columnDefinitions[$0].priority ?? 0) == 0 }
        guard !table.rows.isEmpty else {
            text = ""
            return
        }
        let header = shown.map { table.columnDefinitions[$0].name.uppercased() }
        let rows = table.rows.map { row in
            let cells = shown.map { column in
                let text = row.cells.indices.contains(column) ? Self.cell(row.cells[column]) : ""
                return table.columnDefinitions[column].name == "Name" ? (kind.map { $0 + "/" } ?? "") + text : text
            }
            let namespace = row.object?["metadata"]?["namespace"]?.string ?? ""
            return showsNamespace ? [namespace] + cells : cells
        }
        text = TextTable(header: showsNamespace ? ["NAMESPACE"] + header : header, rows: rows).text
    }

    private static func cell(_ value: JSONValue) -> String {
        switch value {
        case .string(let text): text.isEmpty ? "-" : text
        case .int(let number): "\(number)"
        case .double(let number): "\(number)"
        case .bool(let flag): flag ? "True" : "False"
        case .null: "-"
        case .array(let elements): elements.map(cell).joined(separator: ",")
        case .object(let members): members.isEmpty ? "-" : "{…}"
        }
    }
}
