import ClusterAPI

extension Patch {
    /// One operation of a JSON patch, RFC 6902.
    package struct Operation: Hashable, Sendable {
        enum Kind: Hashable, Sendable {
            case add(JSONValue)
            case remove
            case replace(JSONValue)
            case move(JSONPointer)
            case copy(JSONPointer)
            case test(JSONValue)
        }

        let kind: Kind
        let path: JSONPointer

        /// More operations than this are refused, as the real server does.
        static let maximum = 10_000
    }
}

extension Patch.Operation {
    static func list(_ body: JSONValue) throws(APIStatus) -> [Patch.Operation] {
        guard let elements = body.array else {
            throw .badRequest("error decoding patch: a JSON patch is an array of operations")
        }
        guard elements.count <= maximum else {
            throw APIStatus(
                code: 413, reason: "RequestEntityTooLarge",
                message: "Request entity too large: The allowed maximum operations in a JSON patch is \(maximum),"
                    + " got \(elements.count)")
        }
        var operations: [Patch.Operation] = []
        for element in elements { operations.append(try Patch.Operation(element)) }
        return operations
    }

    private init(_ element: JSONValue) throws(APIStatus) {
        guard element.object != nil, let name = element["op"]?.string else {
            throw .badRequest("error decoding patch: every operation needs \"op\"")
        }
        path = try Self.pointer("path", of: element, operation: name)
        switch name {
        case "add": kind = .add(try Self.value(of: element, operation: name))
        case "remove": kind = .remove
        case "replace": kind = .replace(try Self.value(of: element, operation: name))
        case "move": kind = .move(try Self.pointer("from", of: element, operation: name))
        case "copy": kind = .copy(try Self.pointer("from", of: element, operation: name))
        // The real server reads a missing value of `test` as null.
        case "test": kind = .test(element["value"] ?? .null)
        default: throw .badRequest("error decoding patch: unexpected operation \"\(name)\"")
        }
    }

    private static func value(of element: JSONValue, operation: String) throws(APIStatus) -> JSONValue {
        guard let value = element["value"] else {
            throw .badRequest("error decoding patch: operation \"\(operation)\" needs \"value\"")
        }
        return value
    }

    private static func pointer(
        _ member: String, of element: JSONValue, operation: String
    ) throws(APIStatus) -> JSONPointer {
        guard let text = element[member]?.string else {
            throw .badRequest("error decoding patch: operation \"\(operation)\" needs \"\(member)\"")
        }
        guard let pointer = JSONPointer(text) else {
            throw .badRequest("error decoding patch: \"\(text)\" is not a JSON pointer")
        }
        return pointer
    }
}
