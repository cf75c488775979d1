import ClusterAPI

/// Makes a value fit a schema as the server does before it looks whether it is valid: fields that the schema does not
/// have go, nulls that it does not allow go, defaults come.
struct SchemaFitting {
    /// The fields that went because the schema does not have them.
    private(set) var unknownFields: [ShapeCheck.UnknownField] = []
    private var steps: [FieldPath.Step] = []
    private let setsDefaults: Bool

    init(setsDefaults: Bool = true) { self.setsDefaults = setsDefaults }

    /// A whole object: its `apiVersion`, `kind` and `metadata` stay as they are.
    mutating func fitted(object: JSONValue, to schema: StructuralSchema) -> JSONValue {
        guard case .object(let members) = object else { return object }
        return .object(fitted(members, schema, keepsMeta: true))
    }

    /// Any other value; `schema` nil knows no fields.
    mutating func fitted(_ value: JSONValue, to schema: StructuralSchema?) -> JSONValue {
        switch value {
        case .object(let members):
            return .object(fitted(members, schema, keepsMeta: schema?.isEmbeddedResource == true))
        case .array(let elements):
            if let schema, schema.preservesUnknownFields, schema.items == nil { return value }
            return .array(fitted(elements, schema))
        default: return value
        }
    }

    private mutating func fitted(_ elements: [JSONValue], _ schema: StructuralSchema?) -> [JSONValue] {
        let items = schema?.items
        var result: [JSONValue] = []
        result.reserveCapacity(elements.count)
        for (index, element) in elements.enumerated() {
            steps.append(.index(index))
            let present = element == .null && items?.isNullable == false ? items?.defaultValue ?? .null : element
            result.append(fitted(present, to: items))
            steps.removeLast()
        }
        return result
    }

    private mutating func fitted(
        _ members: [String: JSONValue], _ schema: StructuralSchema?, keepsMeta: Bool
    ) -> [String: JSONValue] {
        guard let schema else {
            for name in members.keys.sorted() { noteUnknown(name, known: []) }
            return [:]
        }
        var result: [String: JSONValue] = [:]
        for (name, value) in members {
            if keepsMeta, StructuralSchema.metaFields.contains(name) {
                result[name] = value
            } else if let member = schema.member(name) {
                result[name] = present(value, name, member)
            } else if schema.preservesUnknownFields {
                result[name] = value
            } else if case .flag = schema.additional {
                steps.append(.field(name))
                result[name] = fitted(value, to: nil)
                steps.removeLast()
            } else {
                noteUnknown(name, known: schema.names)
            }
        }
        for name in schema.defaulted where setsDefaults && result[name] == nil {
            guard let property = schema.properties[name] else { continue }
            result[name] = property.defaultValue.map { fitted($0, to: property) }
        }
        return result
    }

    private mutating func noteUnknown(_ name: String, known: [String]) {
        unknownFields.append(ShapeCheck.UnknownField(path: FieldPath(steps + [.field(name)]), known: known))
    }

    /// Nil for a null that is neither allowed nor replaced by a default.
    private mutating func present(_ value: JSONValue, _ name: String, _ schema: StructuralSchema) -> JSONValue? {
        steps.append(.field(name))
        defer { steps.removeLast() }
        guard value == .null, !schema.isNullable else { return fitted(value, to: schema) }
        return schema.defaultValue.map { fitted($0, to: schema) }
    }
}
