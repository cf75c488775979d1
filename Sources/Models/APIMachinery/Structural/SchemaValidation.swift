import ClusterAPI

/// Holds a value against a schema and says everything that is wrong, in the order and the words of kube-openapi's
/// validator (Kubernetes 1.20), but with the elements of lists in the paths, which that version leaves out.
struct SchemaValidation {
    /// What came of one schema: the more checks have passed, the closer the value was to it.
    struct Outcome {
        var errors: [FieldError] = []
        var passed = 0

        mutating func merge(_ other: Outcome) {
            errors += other.errors
            passed += other.passed
        }

        /// Takes in one check.
        mutating func count(_ other: Outcome) {
            merge(other)
            passed += 1
        }
    }

    /// What stands before every path in `field`; the messages do not have it.
    private let prefix: String
    private var path: [String] = []

    init(prefix: String = "") { self.prefix = prefix }

    mutating func errors(in value: JSONValue, _ schema: StructuralSchema) -> [FieldError] {
        outcome(value, schema).errors
    }

    mutating func outcome(_ value: JSONValue, _ schema: StructuralSchema) -> Outcome {
        var outcome = Outcome()
        if value == .null {
            if !schema.typeText.isEmpty, !schema.isNullable { outcome.errors.append(typeMismatch(schema, "null")) }
            outcome.merge(membership(value, schema))
            return outcome
        }
        if !schema.typeText.isEmpty { outcome.count(type(value, schema)) }
        outcome.count(junctions(value, schema))
        switch value {
        case .string(let text):
            outcome.count(Outcome(errors: textErrors(text, schema.checks)))
            if let format = schema.checks.format {
                let isRight = format.holds(for: text)
                outcome.count(Outcome(errors: isRight ? [] : [mismatch(of: schema, format, text)]))
            }
        case .int, .double: outcome.count(Outcome(errors: numberErrors(value, schema.checks), passed: 1))
        case .array(let elements): outcome.count(list(elements, schema))
        default: break
        }
        outcome.count(membership(value, schema))
        if case .object(let members) = value { outcome.count(object(members, schema)) }
        outcome.passed += 1
        return outcome
    }

    private func type(_ value: JSONValue, _ schema: StructuralSchema) -> Outcome {
        let actual = Self.typeName(of: value)
        let fits =
            schema.isIntOrString
            ? actual == "integer" || actual == "string"
            : actual == schema.type?.rawValue || (actual == "integer" && schema.type == .number)
        return fits ? Outcome(passed: 1) : Outcome(errors: [typeMismatch(schema, actual)])
    }

    static func typeName(of value: JSONValue) -> String {
        switch value {
        case .null: "null"
        case .bool: "boolean"
        case .int: "integer"
        case .double(let number): Int64(exactly: number) == nil ? "number" : "integer"
        case .string: "string"
        case .array: "array"
        case .object: "object"
        }
    }

    private func membership(_ value: JSONValue, _ schema: StructuralSchema) -> Outcome {
        let values = schema.checks.values
        guard !values.isEmpty, !values.contains(where: { $0 != .null && $0 == value }) else { return Outcome() }
        let texts = values.map { $0.string ?? $0.compactText }
        return Outcome(errors: [.notSupported(field, value == .null ? "null" : value, texts)])
    }

    private mutating func list(_ elements: [JSONValue], _ schema: StructuralSchema) -> Outcome {
        var result = Outcome()
        if let items = schema.items {
            for (index, element) in elements.enumerated() {
                path.append("[\(index)]")
                result.merge(outcome(element, items))
                path.removeLast()
            }
        }
        let count = Int64(elements.count)
        if let least = schema.checks.minItems, count < least {
            result.errors.append(invalid(.int(count), "should have at least \(least) items"))
        }
        if let most = schema.checks.maxItems, count > most {
            result.errors.append(invalid(.int(count), "should have at most \(most) items"))
        }
        result.passed += 1
        return result
    }

    private mutating func object(_ members: [String: JSONValue], _ schema: StructuralSchema) -> Outcome {
        let count = Int64(members.count)
        if let least = schema.checks.minProperties, count < least {
            return Outcome(errors: [invalid(.int(least), "should have at least \(least) properties")])
        }
        if let most = schema.checks.maxProperties, count > most {
            return Outcome(errors: [invalid(.int(most), "should have at most \(most) properties")])
        }
        var result = Outcome()
        switch schema.additional {
        case .flag(false):
            for name in members.keys.sorted() where schema.properties[name] == nil {
                let why = "\(text).\(name) in body is a forbidden property"
                result.errors.append(.invalid(field, .string(name), why))
            }
        case .schema(let additional):
            for name in members.keys.sorted() where schema.properties[name] == nil {
                if let value = members[name] { result.merge(member(name, value, additional)) }
            }
        default: break
        }
        for name in schema.names {
            guard let value = members[name], let property = schema.properties[name] else { continue }
            result.merge(member(name, value, property))
        }
        for name in schema.checks.required where members[name] == nil {
            let place = field
            result.errors.append(.required(place == Self.nowhere ? name : "\(place).\(name)"))
        }
        return result
    }

    private mutating func member(_ name: String, _ value: JSONValue, _ schema: StructuralSchema) -> Outcome {
        path.append(name)
        defer { path.removeLast() }
        return outcome(value, schema)
    }
}

extension SchemaValidation {
    /// What the real server calls the top of an object.
    static let nowhere = "<nil>"

    /// The path as messages have it.
    var text: String {
        path.reduce(into: "") { text, step in
            if !text.isEmpty, step.first != "[" { text += "." }
            text += step
        }
    }

    var field: String {
        if path.isEmpty { return prefix.isEmpty ? Self.nowhere : prefix }
        let step = text.first == "[" ? text : "." + text
        return prefix.isEmpty ? text : prefix + step
    }

    /// The field of findings about several schemas, which the real server does not name.
    private var junctionField: String { prefix.isEmpty ? Self.nowhere : prefix }

    func invalid(_ value: JSONValue, _ why: String) -> FieldError { .invalid(field, value, "\(text) in body \(why)") }

    func typeMismatch(_ schema: StructuralSchema, _ actual: String) -> FieldError {
        // A value that should be formatted text is told by how the server holds it.
        guard schema.type == .string, !schema.isIntOrString, actual != "null", schema.checks.format != nil,
            let format = schema.source["format"]?.string
        else { return invalid(.string(actual), "must be of type \(schema.typeText): \"\(actual)\"") }
        let held = ["integer": "int64", "number": "double"][actual] ?? ""
        return invalid(.string(held), "must be of type \(format): \"\(held)\"")
    }

    func mismatch(of schema: StructuralSchema, _ format: ValueFormat, _ value: String) -> FieldError {
        let name = schema.source["format"]?.string ?? format.rawValue
        return invalid(.string(value), "must be of type \(name): \(JSONValue.quoted(value))")
    }

    func junction(_ why: String) -> FieldError {
        .invalid(junctionField, "", "\(JSONValue.quoted(text)) must \(why)")
    }
}
