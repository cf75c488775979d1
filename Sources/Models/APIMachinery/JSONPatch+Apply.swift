import ClusterAPI

extension Patch.Operation {
    /// Applies all operations in order, or throws 422 and nothing has happened.
    static func apply(
        _ operations: [Patch.Operation], to object: JSONValue, of resource: ResourceDescriptor
    ) throws(APIStatus) -> JSONValue {
        var document = object
        for operation in operations {
            do {
                try operation.apply(to: &document)
            } catch {
                throw APIStatus(
                    code: 422, reason: "Invalid",
                    message: "the server rejected our request due to an error in our request: \(error.message)",
                    details: APIStatus.Details(causes: [
                        APIStatus.Cause(reason: "FieldValueInvalid", message: error.message, field: "patch")
                    ]))
            }
        }
        return document
    }

    /// Why an operation does not apply.
    private struct Failure: Error {
        let message: String
    }

    private func apply(to document: inout JSONValue) throws(Failure) {
        switch kind {
        case .add(let value): try Self.add(value, at: path, in: &document)
        case .remove: try Self.remove(path, from: &document)
        case .replace(let value):
            guard Self.value(at: path, in: document) != nil else { throw Self.missing("replace", path) }
            try Self.edit(&document, path.tokens[...]) { $0 = value }
        case .move(let source):
            guard let value = Self.value(at: source, in: document) else { throw Self.missing("move", source) }
            guard !source.isProperPrefix(of: path) else {
                throw Failure(message: "move operation cannot move \"\(source)\" into its own child \"\(path)\"")
            }
            try Self.remove(source, from: &document)
            try Self.add(value, at: path, in: &document)
        case .copy(let source):
            guard let value = Self.value(at: source, in: document) else { throw Self.missing("copy", source) }
            try Self.add(value, at: path, in: &document)
        case .test(let value):
            guard Self.equal(Self.value(at: path, in: document) ?? .null, value) else {
                throw Failure(message: "testing value \(path) failed")
            }
        }
    }

    private static func missing(_ operation: String, _ path: JSONPointer) -> Failure {
        Failure(message: "\(operation) operation does not apply: doc is missing key: \(path)")
    }

    private static func value(at path: JSONPointer, in document: JSONValue) -> JSONValue? {
        var value = document
        for token in path.tokens {
            switch value {
            case .object(let members):
                guard let member = members[token] else { return nil }
                value = member
            case .array(let elements):
                guard let index = index(token), elements.indices.contains(index) else { return nil }
                value = elements[index]
            default: return nil
            }
        }
        return value
    }

    private static func add(_ value: JSONValue, at path: JSONPointer, in document: inout JSONValue) throws(Failure) {
        guard let last = path.tokens.last else {
            document = value
            return
        }
        let parent = JSONPointer(tokens: Array(path.tokens.dropLast()))
        switch self.value(at: parent, in: document) {
        case .object: try edit(&document, parent.tokens[...]) { $0[last] = value }
        case .array(var elements):
            guard let index = last == "-" ? elements.count : index(last), index <= elements.count else {
                throw Failure(message: "add operation does not apply: invalid array index in \(path)")
            }
            elements.insert(value, at: index)
            try edit(&document, parent.tokens[...]) { $0 = .array(elements) }
        default: throw missing("add", path)
        }
    }

    private static func remove(_ path: JSONPointer, from document: inout JSONValue) throws(Failure) {
        guard let last = path.tokens.last, value(at: path, in: document) != nil else { throw missing("remove", path) }
        try edit(&document, path.tokens.dropLast()) { parent in
            if case .array(var elements) = parent, let index = index(last) {
                elements.remove(at: index)
                parent = .array(elements)
            } else {
                parent[last] = nil
            }
        }
    }

    /// Changes the value at existing tokens in place.
    private static func edit(
        _ value: inout JSONValue, _ tokens: ArraySlice<String>, _ change: (inout JSONValue) -> Void
    ) throws(Failure) {
        guard let token = tokens.first else {
            change(&value)
            return
        }
        switch value {
        case .object(var members):
            guard var member = members[token] else { throw Failure(message: "doc is missing key: \(token)") }
            try edit(&member, tokens.dropFirst(), change)
            members[token] = member
            value = .object(members)
        case .array(var elements):
            guard let index = index(token), elements.indices.contains(index) else {
                throw Failure(message: "invalid array index \(token)")
            }
            try edit(&elements[index], tokens.dropFirst(), change)
            value = .array(elements)
        default: throw Failure(message: "doc is missing key: \(token)")
        }
    }

    /// Digits without a leading zero, RFC 6901 §4.
    private static func index(_ token: String) -> Int? {
        guard !token.isEmpty, token.utf8.allSatisfy({ (48...57).contains($0) }), token == "0" || token.first != "0"
        else {
            return nil
        }
        return Int(token)
    }

    /// Numbers compare by value, whether written as integers or not (RFC 6902 §4.6).
    private static func equal(_ left: JSONValue, _ right: JSONValue) -> Bool {
        switch (left, right) {
        case (.int(let a), .double(let b)), (.double(let b), .int(let a)): Double(a) == b
        case (.array(let a), .array(let b)): a.count == b.count && zip(a, b).allSatisfy { equal($0, $1) }
        case (.object(let a), .object(let b)):
            a.count == b.count && a.allSatisfy { key, value in b[key].map { equal(value, $0) } ?? false }
        default: left == right
        }
    }
}
