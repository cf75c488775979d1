package import ClusterAPI

/// Who owns which fields of an object: `metadata.managedFields`.
package struct ManagedFields: Hashable, Sendable {
    /// What one writer owns.
    struct Entry: Hashable, Sendable {
        var writer: FieldWriter
        /// The group and version in which the fields are told.
        var apiVersion: String
        /// When it last took a field.
        var time: String
        var fields: FieldSet
    }

    var entries: [Entry]

    init(entries: [Entry] = []) { self.entries = entries }

    /// Nil when the list has entries that are none.
    package init?(_ document: JSONValue?) {
        entries = []
        for item in document?.array ?? [] {
            guard let manager = item["manager"]?.string,
                let operation = item["operation"]?.string.flatMap(FieldWriter.Operation.init(rawValue:)),
                item["fieldsType"]?.string == "FieldsV1", let fields = item["fieldsV1"].flatMap(FieldSet.init)
            else { return nil }
            let writer = FieldWriter(
                manager: manager, operation: operation, subresource: item["subresource"]?.string ?? "")
            entries.append(
                Entry(
                    writer: writer, apiVersion: item["apiVersion"]?.string ?? "", time: item["time"]?.string ?? "",
                    fields: fields))
        }
    }

    /// Whether a client asks to forget all owners: `[{}]`.
    static func isReset(_ document: JSONValue?) -> Bool { document?.array == [[:]] }

    /// In the order of operation, time and manager; nil for no owners.
    package var document: JSONValue? {
        guard !entries.isEmpty else { return nil }
        let ordered = entries.sorted { left, right in
            let key = { (entry: Entry) in
                [
                    entry.writer.operation.rawValue, entry.time, entry.writer.manager, entry.apiVersion,
                    entry.writer.subresource,
                ]
            }
            return key(left).lexicographicallyPrecedes(key(right))
        }
        return .array(ordered.map(\.document))
    }

    /// Older entries than these are put together, so that an object with many writers does not grow without end.
    private static let mostUpdates = 10

    /// Without entries that own nothing.
    mutating func tidy() {
        entries.removeAll(where: \.fields.isEmpty)
        let updates = entries.filter { $0.writer.operation == .update }.sorted { $0.time < $1.time }
        guard updates.count > Self.mostUpdates else { return }
        let old = updates.prefix(updates.count - Self.mostUpdates + 1)
        let fields = old.reduce(FieldSet()) { $0.union($1.fields) }
        entries.removeAll { old.contains($0) }
        entries.append(
            Entry(
                writer: FieldWriter(manager: "ancient-changes", operation: .update),
                apiVersion: old.last?.apiVersion ?? "", time: old.last?.time ?? "", fields: fields))
    }
}

extension ManagedFields.Entry {
    fileprivate var document: JSONValue {
        var document: JSONValue = [
            "manager": .string(writer.manager), "operation": .string(writer.operation.rawValue),
            "apiVersion": .string(apiVersion), "time": .string(time), "fieldsType": "FieldsV1",
            "fieldsV1": fields.document,
        ]
        if !writer.subresource.isEmpty { document["subresource"] = .string(writer.subresource) }
        return document
    }
}

/// Who writes: a program by its name, and how.
package struct FieldWriter: Hashable, Sendable {
    package enum Operation: String, Hashable, Sendable {
        /// States all that it wants to own.
        case apply = "Apply"
        /// Owns what it changes.
        case update = "Update"
    }

    package let manager: String
    package let operation: Operation
    /// Empty for the object itself.
    package let subresource: String

    package init(manager: String, operation: Operation, subresource: String = "") {
        self.manager = manager
        self.operation = operation
        self.subresource = subresource
    }
}
