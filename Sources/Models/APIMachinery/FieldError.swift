import ClusterAPI

/// One finding of validation, with the types and texts of apimachinery `util/validation/field/errors.go`.
package struct FieldError: Hashable, Sendable {
    package enum Kind: String, Hashable, Sendable {
        case required = "FieldValueRequired"
        case invalid = "FieldValueInvalid"
        case notSupported = "FieldValueNotSupported"
        case duplicate = "FieldValueDuplicate"
        case forbidden = "FieldValueForbidden"
        case tooLong = "FieldValueTooLong"
        case tooMany = "FieldValueTooMany"
        case typeInvalid = "FieldValueTypeInvalid"
        case notFound = "FieldValueNotFound"
    }

    package let kind: Kind
    package let field: String
    /// What follows the field: `Invalid value: "x": must be …`.
    package let body: String

    package var path: FieldPath { FieldPath(parsing: field) }

    /// `spec.x: Required value: …`, as the message of the whole error joins it.
    var text: String { "\(field): \(body)" }

    static func required(_ field: String, _ detail: String = "") -> FieldError {
        FieldError(kind: .required, field: field, body: "Required value" + (detail.isEmpty ? "" : ": \(detail)"))
    }

    static func invalid(_ field: String, _ value: JSONValue, _ detail: String) -> FieldError {
        FieldError(kind: .invalid, field: field, body: "Invalid value: \(quoted(value)): \(detail)")
    }

    static func typeInvalid(_ field: String, _ value: JSONValue, _ detail: String) -> FieldError {
        FieldError(kind: .typeInvalid, field: field, body: "Invalid value: \(quoted(value)): \(detail)")
    }

    static func notSupported(_ field: String, _ value: JSONValue, _ supported: [String]) -> FieldError {
        let list = supported.map { "\"\($0)\"" }.joined(separator: ", ")
        return FieldError(
            kind: .notSupported, field: field, body: "Unsupported value: \(quoted(value)): supported values: \(list)")
    }

    static func duplicate(_ field: String, _ value: JSONValue) -> FieldError {
        FieldError(kind: .duplicate, field: field, body: "Duplicate value: \(quoted(value))")
    }

    static func forbidden(_ field: String, _ detail: String) -> FieldError {
        FieldError(kind: .forbidden, field: field, body: "Forbidden: \(detail)")
    }

    static func tooLong(_ field: String, maximum: Int) -> FieldError {
        FieldError(kind: .tooLong, field: field, body: "Too long: may not be more than \(maximum) bytes")
    }

    static func tooMany(_ field: String, _ count: Int, maximum: Int) -> FieldError {
        FieldError(
            kind: .tooMany, field: field, body: "Too many: \(count): must have at most \(maximum) items")
    }

    /// A value as messages show it: text in quotes, numbers bare, everything else as compact JSON.
    static func quoted(_ value: JSONValue) -> String { value.compactText }
}

extension APIStatus {
    /// 422 for a review that asks nothing; the real server names no kind there.
    package static var emptyAccessReview: APIStatus {
        let why = "exactly one of nonResourceAttributes or resourceAttributes must be specified"
        let error = FieldError.invalid("spec.resourceAttributes", "null", why)
        return invalid(Details(group: "authorization.k8s.io"), subject: ".authorization.k8s.io", [error])
    }

    /// 422: `NetworkPolicy.networking.k8s.io "x" is invalid: spec.a: Required value`, several findings in brackets.
    static func invalid(_ resource: ResourceDescriptor, name: String, _ errors: [FieldError]) -> APIStatus {
        let about = Details(name: name, group: resource.storage.group, kind: resource.kind)
        return invalid(about, subject: resource.qualifiedKind, errors)
    }

    static func invalid(_ about: Details, subject: String, _ errors: [FieldError]) -> APIStatus {
        let unique = errors.uniqued
        let list = unique.map(\.text).joined(separator: ", ")
        var details = about
        details.causes = unique.map { Cause(reason: $0.kind.rawValue, message: $0.body, field: $0.field) }
        return APIStatus(
            code: 422, reason: "Invalid",
            message: "\(subject) \"\(about.name ?? "")\" is invalid: \(unique.count == 1 ? list : "[\(list)]")",
            details: details)
    }
}

extension [FieldError] {
    /// Each finding once, where it first came.
    var uniqued: [FieldError] {
        reduce(into: []) { unique, error in
            if !unique.contains(error) { unique.append(error) }
        }
    }
}
