import ClusterAPI

/// Walks an object along its shape: finds unknown fields and values of the wrong JSON type, as decoding into the real
/// server's types does.
struct ShapeCheck {
    /// A field that its type does not have, and those that it has.
    struct UnknownField {
        let path: FieldPath
        let known: [String]
    }

    /// A value of the wrong type.
    struct Mismatch {
        let path: FieldPath
        let text: String
        /// True for a number or a flag in the place of a text.
        var isUnquotedText = false
    }

    private(set) var unknownFields: [UnknownField] = []
    private(set) var mismatches: [Mismatch] = []
    /// Deeper than any kind is; keeps hostile nesting off the stack.
    private static let deepest = 64

    /// The object without unknown fields and without nulls, which mean absent.
    mutating func checked(_ value: JSONValue, as shape: FieldShape) -> JSONValue {
        walk(value, shape, FieldPath(), depth: 0)
    }

    private mutating func walk(_ value: JSONValue, _ shape: FieldShape, _ path: FieldPath, depth: Int) -> JSONValue {
        guard depth < Self.deepest else {
            mismatches.append(Mismatch(path: path, text: "json: exceeded max depth at \(path)"))
            return value
        }
        switch (shape, value) {
        case (.any, _), (.text, .string), (.integer, .int), (.number, .int), (.number, .double), (.flag, .bool),
            (.intOrText, .int), (.intOrText, .string):
            return value
        case (.integer, .double(let number)) where Int64(exactly: number) != nil:
            return .int(Int64(number))
        case (.time, .string(let text)):
            if APITime(text) == nil {
                let why = "parsing time \"\(text)\" as RFC 3339: cannot parse (\(path))"
                mismatches.append(Mismatch(path: path, text: why))
            }
            return value
        case (.map(let inner), .object(let members)):
            return .object(
                members.reduce(into: [:]) { $0[$1.key] = walk($1.value, inner, path[$1.key], depth: depth + 1) })
        case (.list(let inner, _), .array(let elements)):
            return .array(
                elements.enumerated().map { walk($0.element, inner, path[$0.offset], depth: depth + 1) })
        case (.type(let name), .object(let members)): return walk(members, of: name, path, depth: depth)
        case (.objectOr(let inner), _):
            guard case .object = value else { return value }
            return walk(value, inner, path, depth: depth)
        case (.manifest, .object(let members)):
            return walk(members, of: TypeTable.type(ofManifest: members), path, depth: depth)
        default:
            mismatches.append(mismatch(value, shape, path))
            return value
        }
    }

    private mutating func walk(
        _ members: [String: JSONValue], of name: String, _ path: FieldPath, depth: Int
    ) -> JSONValue {
        guard let type = TypeTable.types[name] else { return .object(members) }
        var result: [String: JSONValue] = [:]
        for (key, value) in members.sorted(by: { $0.key < $1.key }) {
            if let shape = type.fields[key] {
                if value != .null { result[key] = walk(value, shape, path[key], depth: depth + 1) }
            } else if type.isOpen {
                result[key] = value
            } else {
                unknownFields.append(UnknownField(path: path[key], known: type.fields.keys.sorted()))
            }
        }
        return .object(result)
    }

    private func mismatch(_ value: JSONValue, _ shape: FieldShape, _ path: FieldPath) -> Mismatch {
        let place = path.steps.isEmpty ? "." : path.description
        let isScalar = ["bool", "number"].contains(Self.word(for: value))
        return Mismatch(
            path: path,
            text:
                "json: cannot unmarshal \(Self.word(for: value)) into field \(place) of type \(Self.word(for: shape))",
            isUnquotedText: shape == .text && isScalar)
    }

    private static func word(for value: JSONValue) -> String {
        switch value {
        case .null: "null"
        case .bool: "bool"
        case .int, .double: "number"
        case .string: "string"
        case .array: "array"
        case .object: "object"
        }
    }

    private static func word(for shape: FieldShape) -> String {
        switch shape {
        case .any: "any"
        case .text: "string"
        case .integer: "int64"
        case .number: "float64"
        case .flag: "bool"
        case .intOrText: "IntOrString"
        case .time: "Time"
        case .map(let inner): "map[string]\(word(for: inner))"
        case .list(let inner, _): "[]\(word(for: inner))"
        case .type(let name): name
        case .objectOr(let inner): word(for: inner)
        case .manifest: "AnyObject"
        }
    }
}
