package import ClusterAPI

/// The schema of one version of a CustomResourceDefinition, read once: what its objects may hold.
///
/// Reading is lenient, `StructuralSchemaRules` says what is wrong. Schemas below `allOf`, `anyOf`, `oneOf` and `not`
/// are of the same type; they only check.
package final class StructuralSchema: Sendable {
    /// As the definition has it.
    package let source: JSONValue
    let type: SchemaType?
    let isIntOrString: Bool
    let preservesUnknownFields: Bool
    /// The value is a whole object with `apiVersion`, `kind` and `metadata`.
    let isEmbeddedResource: Bool
    let isNullable: Bool
    let properties: [String: StructuralSchema]
    /// The names of `properties` in order, so that findings come in one order.
    let names: [String]
    let additional: Additional
    let items: StructuralSchema?
    let defaultValue: JSONValue?
    let checks: ValueChecks
    let listType: ListType
    /// The value belongs to one owner as a whole, though it is an object.
    let isAtomicMap: Bool
    /// The properties that come with a default when they are absent.
    let defaulted: [String]

    /// What `additionalProperties` says.
    enum Additional: Sendable {
        case unstated
        /// `true` or `false`.
        case flag(Bool)
        case schema(StructuralSchema)
    }

    enum ListType: Hashable, Sendable {
        case atomic
        case set
        /// The members that tell elements apart.
        case map([String])
    }

    package init(_ source: JSONValue) {
        self.source = source
        type = source["type"]?.string.flatMap(SchemaType.init)
        isIntOrString = source["x-kubernetes-int-or-string"]?.bool == true
        preservesUnknownFields = source["x-kubernetes-preserve-unknown-fields"]?.bool == true
        isEmbeddedResource = source["x-kubernetes-embedded-resource"]?.bool == true
        isNullable = source["nullable"]?.bool == true
        let properties = (source["properties"]?.object ?? [:]).mapValues(StructuralSchema.init)
        self.properties = properties
        names = properties.keys.sorted()
        defaulted = names.filter { properties[$0]?.defaultValue != nil }
        additional =
            switch source["additionalProperties"] {
            case .bool(let flag): .flag(flag)
            case .some(let schema) where schema.object != nil: .schema(StructuralSchema(schema))
            default: .unstated
            }
        items = source["items"].flatMap { $0.object == nil ? nil : StructuralSchema($0) }
        defaultValue = source["default"] == .null ? nil : source["default"]
        checks = ValueChecks(source)
        isAtomicMap = source["x-kubernetes-map-type"]?.string == "atomic"
        listType =
            switch source["x-kubernetes-list-type"]?.string {
            case "set": .set
            case "map": .map((source["x-kubernetes-list-map-keys"]?.array ?? []).compactMap(\.string))
            default: .atomic
            }
    }

    /// The schema of a member of an object; nil for one that is not described.
    func member(_ name: String) -> StructuralSchema? {
        if let property = properties[name] { return property }
        if case .schema(let schema) = additional { return schema }
        return nil
    }

    /// Whether a member may be there at all.
    func knows(_ name: String) -> Bool {
        if properties[name] != nil || preservesUnknownFields { return true }
        if case .unstated = additional { return isEmbeddedResource && Self.metaFields.contains(name) }
        return true
    }

    static let metaFields: Set<String> = ["apiVersion", "kind", "metadata"]

    /// As messages name it: `integer`, or `integer,string`.
    var typeText: String { isIntOrString ? "integer,string" : type?.rawValue ?? "" }
}

extension StructuralSchema: Hashable {
    package static func == (left: StructuralSchema, right: StructuralSchema) -> Bool {
        left === right || left.source == right.source
    }

    package func hash(into hasher: inout Hasher) { hasher.combine(properties.count) }
}

enum SchemaType: String, Hashable, Sendable, CaseIterable {
    case array, boolean, integer, number, object, string

    static let names = allCases.map(\.rawValue)
}
