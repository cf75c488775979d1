import ClusterAPI

extension TableRenderer {
    private var columns: [PrinterColumn] { resource.columns.isEmpty ? .ageOnly : resource.columns }

    var columnDefinitions: [JSONValue] {
        let name = PrinterColumn(
            "Name", format: "name", description: "Name must be unique within a namespace.",
            value: .path(".metadata.name"))
        // Events show their name last and only with -o wide.
        let all = resource.kind == "Event" ? columns : [name] + columns
        return all.map { column in
            let isAge = column.type == "date" && resource.customResourceDefinition == nil
            return [
                "name": .string(column.name), "type": .string(isAge ? "string" : column.type),
                "format": .string(column.format), "description": .string(column.description),
                "priority": .int(Int64(column.priority)),
            ]
        }
    }

    /// The columns with their paths read once for all rows.
    var preparedColumns: [(column: PrinterColumn, path: JSONPath?)] {
        columns.map { column in
            guard case .path(let path) = column.value else { return (column, nil) }
            return (column, JSONPath(path))
        }
    }

    func row(
        of object: JSONValue, _ columns: [(column: PrinterColumn, path: JSONPath?)], version: String,
        include: IncludeObject
    ) -> JSONValue {
        let isEvent = resource.kind == "Event" && resource.customResourceDefinition == nil
        var cells: [JSONValue] = isEvent ? [] : [object["metadata"]?["name"] ?? ""]
        // The columns of events name the fields of their first version.
        let shown = isEvent ? resource.converted(object, to: resource.storage) : object
        cells += columns.map { cell($0.column, $0.path, of: shown) }
        var row: JSONValue = ["cells": .array(cells)]
        switch include {
        case .none: break
        case .metadata:
            row["object"] = [
                "kind": "PartialObjectMetadata", "apiVersion": .string("meta.k8s.io/\(version)"),
                "metadata": object["metadata"] ?? [:],
            ]
        case .object: row["object"] = object
        }
        return row
    }

    private func cell(_ column: PrinterColumn, _ path: JSONPath?, of object: JSONValue) -> JSONValue {
        switch column.value {
        case .computed(let cell): return CellContent(object: object, now: now).value(of: cell)
        case .path:
            let values = path?.values(in: object) ?? []
            if column.type == "date" {
                return .string(AgeText.age(since: values.first?.string.flatMap(APITime.init), now: now))
            }
            guard let first = values.first else {
                // The real server leaves cells of custom resources empty, which kubectl prints as <none>.
                return resource.customResourceDefinition == nil ? "" : .null
            }
            switch (column.type, first) {
            case ("integer", .int), ("number", .int), ("number", .double), ("boolean", .bool): return first
            default: return .string(values.map(CellContent.text).joined(separator: ","))
            }
        }
    }
}
