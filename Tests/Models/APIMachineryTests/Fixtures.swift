import APIMachinery
import ClusterAPI
import Foundation
import TestRandom
import Testing

/// The JSON text as a value.
func json(_ text: String) throws -> JSONValue {
    try JSONDecoder().decode(JSONValue.self, from: Data(text.utf8))
}

/// The built-in kind of a name.
func builtIn(_ kind: String) throws -> ResourceDescriptor {
    try #require(ResourceDescriptor.builtIn.first { $0.kind == kind })
}

let noon = APITime(seconds: 1_767_355_200)
let someUID = "0b5ee3d2-5a7c-4a5e-8a55-2f3b8d1f0c11"

/// A write to a built-in kind in the namespace `n`.
func write(
    _ kind: String, validation: FieldValidation = .warn, version: GroupVersion? = nil
) throws -> ObjectWrite {
    let resource = try builtIn(kind)
    return ObjectWrite(
        resource: resource, version: version ?? resource.storage, namespace: resource.isNamespaced ? "n" : nil,
        fieldValidation: validation, now: noon)
}

func create(_ kind: String, _ text: String, validation: FieldValidation = .warn) throws -> JSONValue {
    try write(kind, validation: validation).create(try json(text), uid: someUID, nameSuffix: "x7k2p").object
}

/// What the API says to a create that must fail.
func refusal(_ kind: String, _ text: String, validation: FieldValidation = .warn) throws -> APIStatus {
    let writer = try write(kind, validation: validation)
    let body = try json(text)
    return try #require(throws: APIStatus.self) { try writer.create(body, uid: someUID, nameSuffix: "x7k2p") }
}

extension SeededGenerator {
    /// A random document; `nulls` allows null members.
    mutating func document(depth: Int, nulls: Bool) -> JSONValue {
        switch Int.random(in: 0..<(depth > 0 ? 7 : 4), using: &self) {
        case 0: return nulls ? .null : true
        case 1: return .int(Int64.random(in: -3...3, using: &self))
        case 2: return .string(["a", "b", "", "x/y~z"].randomElement(using: &self) ?? "")
        case 3: return .bool(Bool.random(using: &self))
        case 4:
            return .array(
                (0..<Int.random(in: 0...3, using: &self)).map { _ in document(depth: depth - 1, nulls: nulls) })
        default: return object(depth: depth, nulls: nulls)
        }
    }

    mutating func object(depth: Int, nulls: Bool) -> JSONValue {
        var members: [String: JSONValue] = [:]
        for _ in 0..<Int.random(in: 0...4, using: &self) {
            let key = ["a", "b", "c", "name", "spec", "ports"].randomElement(using: &self) ?? "a"
            members[key] = document(depth: depth - 1, nulls: nulls)
        }
        return .object(members)
    }
}
