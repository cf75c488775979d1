import ClusterAPI

/// Whether a schema is one that a CustomResourceDefinition may have (apiextensions `validation` and `structural`), in
/// the words of the real server.
struct StructuralSchemaRules {
    private(set) var errors: [FieldError] = []

    /// `path` is where the schema stands, such as `spec.validation.openAPIV3Schema`.
    static func errors(in schema: JSONValue, at path: String, hasStatus: Bool) -> [FieldError] {
        var rules = StructuralSchemaRules()
        if hasStatus { rules.checkRootBesideStatus(schema, path) }
        if schema["nullable"]?.bool == true {
            rules.errors.append(.forbidden("\(path).nullable", "nullable cannot be true at the root"))
        }
        rules.check(schema, path, Place(isRoot: true))
        let structural = StructuralInvariants.errors(in: schema, at: path)
        rules.errors +=
            structural.isEmpty ? SchemaDefaultRules.errors(in: StructuralSchema(schema), at: path) : structural
        return rules.errors
    }

    /// Where a schema stands, as far as it matters for what it may say.
    struct Place {
        var isRoot = false
        var isInsideMeta = false
        /// Why no default may be set here.
        var noDefaults: String?
    }

    private static let besideStatus = [
        "description", "type", "format", "title", "maximum", "exclusiveMaximum", "minimum", "exclusiveMinimum",
        "maxLength", "minLength", "pattern", "maxItems", "minItems", "uniqueItems", "multipleOf", "required", "items",
        "properties", "externalDocs", "example", "x-kubernetes-preserve-unknown-fields", "x-kubernetes-validations",
    ]

    /// The status is validated by itself, so the root may hold nothing that would be lost then.
    private mutating func checkRootBesideStatus(_ schema: JSONValue, _ path: String) {
        if let type = schema["type"]?.string, type != "object" {
            let why =
                #"only "object" is allowed as the type at the root of the schema if the status subresource is enabled"#
            errors.append(.invalid("\(path).type", .string(type), why))
        }
        guard let members = schema.object, members.keys.contains(where: { !Self.besideStatus.contains($0) }) else {
            return
        }
        let allowed = Self.besideStatus.dropLast().map {
            $0.hasPrefix("x-") ? "XPreserveUnknownFields" : $0.capitalizedFirst
        }
        let why =
            "only [\(allowed.joined(separator: " "))] fields are allowed at the root of the schema if the status"
            + " subresource is enabled"
        errors.append(.invalid(path, schema, why))
    }

    private mutating func check(_ schema: JSONValue, _ path: String, _ place: Place) {
        checkSupported(schema, path, place)
        if schema["uniqueItems"]?.bool == true {
            let why = "uniqueItems cannot be set to true since the runtime complexity becomes quadratic"
            errors.append(.forbidden("\(path).uniqueItems", why))
        }
        checkMembers(schema, path, place)
        var inner = place
        inner.isRoot = false
        if let not = schema["not"] { check(not, "\(path).not", inner) }
        for junction in ["allOf", "oneOf", "anyOf"] {
            for (index, part) in (schema[junction]?.array ?? []).enumerated() {
                check(part, "\(path).\(junction)[\(index)]", inner)
            }
        }
        if let items = schema["items"], items.object != nil { check(items, "\(path).items", inner) }
        checkExtensions(schema, path)
        checkList(schema, path)
    }

    private mutating func checkMembers(_ schema: JSONValue, _ path: String, _ place: Place) {
        let properties = schema["properties"]?.object ?? [:]
        var inner = place
        inner.isRoot = false
        if let additional = schema["additionalProperties"] {
            if !properties.isEmpty, additional != true {
                let why = "additionalProperties and properties are mutual exclusive"
                errors.append(.forbidden("\(path).additionalProperties", why))
            }
            if additional.object != nil {
                var below = inner
                if place.isInsideMeta { below.noDefaults = "inside additionalProperties applying to object metadata" }
                check(additional, "\(path).additionalProperties", below)
            }
        }
        let isResource = place.isRoot || schema["x-kubernetes-embedded-resource"]?.bool == true
        for (name, property) in properties.sorted(by: { $0.key < $1.key }) {
            var below = inner
            if isResource, StructuralSchema.metaFields.contains(name) {
                below.isInsideMeta = true
                if place.isRoot { below.noDefaults = "in top-level \(name)" }
            }
            check(property, "\(path).properties[\(name)]", below)
        }
    }

    private mutating func checkSupported(_ schema: JSONValue, _ path: String, _ place: Place) {
        if let type = schema["type"]?.string, !type.isEmpty, !SchemaType.names.contains(type) {
            errors.append(.notSupported("\(path).type", .string(type), SchemaType.names))
            if type == "null" {
                let why = "type cannot be set to null, use nullable as an alternative"
                errors.append(.forbidden("\(path).type", why))
            }
        }
        if let reason = place.noDefaults, schema["default"] ?? .null != .null {
            errors.append(.forbidden("\(path).default", "must not be set \(reason)"))
        }
        for name in ["id", "additionalItems", "patternProperties", "definitions", "dependencies", "$ref"]
        where schema[name] ?? .null != .null {
            errors.append(.forbidden("\(path).\(name)", "\(name) is not supported"))
        }
        if schema["items"]?.array != nil {
            errors.append(.forbidden("\(path).items", "items must be a schema object and not an array"))
        }
        if place.isInsideMeta, schema["x-kubernetes-embedded-resource"]?.bool == true {
            let why = "must not be used inside of resource meta"
            errors.append(.forbidden("\(path).x-kubernetes-embedded-resource", why))
        }
    }

    mutating func append(_ error: FieldError) { errors.append(error) }
}

extension String {
    /// `maxLength` as `MaxLength`.
    fileprivate var capitalizedFirst: String { prefix(1).uppercased() + dropFirst() }
}
