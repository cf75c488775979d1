import ClusterAPI

/// That no two elements of a set are equal, and no two of a map have the same keys.
struct ListRules {
    private(set) var errors: [FieldError] = []
    private var steps: [FieldPath.Step] = []

    static func errors(in object: JSONValue, _ schema: StructuralSchema) -> [FieldError] {
        var rules = ListRules()
        rules.walk(object, schema)
        return rules.errors
    }

    private mutating func walk(_ value: JSONValue, _ schema: StructuralSchema) {
        switch value {
        case .object(let members):
            // By the schema, which is often the smaller one and is in order.
            for name in schema.names {
                if let member = members[name], let property = schema.properties[name] {
                    step(.field(name), member, property)
                }
            }
            if case .schema(let inner) = schema.additional {
                for (name, member) in members where schema.properties[name] == nil {
                    step(.field(name), member, inner)
                }
            }
        case .array(let elements):
            switch schema.listType {
            case .atomic: break
            case .set: checkUnique(elements) { $0 }
            case .map(let keys): checkMap(elements, keys)
            }
            guard let items = schema.items else { return }
            for (index, element) in elements.enumerated() { step(.index(index), element, items) }
        default: break
        }
    }

    private mutating func step(_ step: FieldPath.Step, _ value: JSONValue, _ schema: StructuralSchema) {
        steps.append(step)
        walk(value, schema)
        steps.removeLast()
    }

    private mutating func checkMap(_ elements: [JSONValue], _ keys: [String]) {
        if let index = elements.firstIndex(where: { $0 != .null && $0.object == nil }) {
            let field = FieldPath(steps + [.index(index)]).description
            errors.append(.invalid(field, elements[index], "must be an object for an array of list-type map"))
            return
        }
        checkUnique(elements) { element in
            .object(keys.reduce(into: [:]) { $0[$1] = element[$1] })
        }
    }

    /// Each value that comes again is told once, where it first comes again.
    private mutating func checkUnique(_ elements: [JSONValue], by identity: (JSONValue) -> JSONValue) {
        var seen: [JSONValue: Int] = [:]
        for (index, element) in elements.enumerated() {
            let value = identity(element)
            let times = seen[value, default: 0]
            seen[value] = times + 1
            if times == 1 {
                let field = FieldPath(steps + [.index(index)]).description
                errors.append(.duplicate(field, goText: value))
            }
        }
    }
}

extension FieldError {
    /// A duplicate whose value is shown as the real server, written in Go, shows it.
    fileprivate static func duplicate(_ field: String, goText value: JSONValue) -> FieldError {
        FieldError(kind: .duplicate, field: field, body: "Duplicate value: \(value.goText)")
    }
}

extension JSONValue {
    /// `map[string]interface {}{"port":1}`: what Go prints for `%#v`.
    var goText: String {
        switch self {
        case .null: "interface {}(nil)"
        case .array(let elements): "[]interface {}{" + elements.map(\.goText).joined(separator: ", ") + "}"
        case .object(let members):
            "map[string]interface {}{"
                + members.sorted { $0.key < $1.key }.map { "\(Self.quoted($0.key)):\($0.value.goText)" }
                .joined(separator: ", ") + "}"
        default: compactText
        }
    }
}
