/// One column of `kubectl get`, as meta/v1 TableColumnDefinition declares it.
package struct PrinterColumn: Hashable, Sendable {
    package var name: String
    /// An OpenAPI type: string, integer, number, boolean, date.
    package var type: String
    package var format: String
    package var description: String
    /// 0 is always shown, above that only with `-o wide`.
    package var priority: Int
    package var value: Value

    /// Where a cell comes from.
    package enum Value: Hashable, Sendable {
        /// A JSONPath without its braces, such as `.spec.replicas`.
        case path(String)
        /// A cell that the server computes; see `TableCell`.
        case computed(TableCell)
    }

    package init(
        _ name: String, type: String = "string", format: String = "", description: String = "", priority: Int = 0,
        value: Value
    ) {
        self.name = name
        self.type = type
        self.format = format
        self.description = description
        self.priority = priority
        self.value = value
    }
}
