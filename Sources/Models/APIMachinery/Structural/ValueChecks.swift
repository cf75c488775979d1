import ClusterAPI

/// What a schema asks of a value beyond its type.
struct ValueChecks: Sendable {
    let values: [JSONValue]
    let minimum: JSONValue?
    let maximum: JSONValue?
    let excludesMinimum: Bool
    let excludesMaximum: Bool
    let multipleOf: JSONValue?
    let minLength: Int64?
    let maxLength: Int64?
    let pattern: LinearPattern?
    let format: ValueFormat?
    let minItems: Int64?
    let maxItems: Int64?
    let minProperties: Int64?
    let maxProperties: Int64?
    let required: [String]
    let allOf: [StructuralSchema]
    let anyOf: [StructuralSchema]
    let oneOf: [StructuralSchema]
    /// One schema or none.
    let not: [StructuralSchema]

    init(_ source: JSONValue) {
        func number(_ name: String) -> JSONValue? {
            switch source[name] {
            case .int(let number)?: .int(number)
            case .double(let number)?: .double(number)
            default: nil
            }
        }
        func schemas(_ name: String) -> [StructuralSchema] { (source[name]?.array ?? []).map(StructuralSchema.init) }
        values = source["enum"]?.array ?? []
        minimum = number("minimum")
        maximum = number("maximum")
        excludesMinimum = source["exclusiveMinimum"]?.bool == true
        excludesMaximum = source["exclusiveMaximum"]?.bool == true
        multipleOf = number("multipleOf")
        minLength = source["minLength"]?.int
        maxLength = source["maxLength"]?.int
        pattern = source["pattern"]?.string.flatMap { $0.isEmpty ? nil : try? LinearPattern($0) }
        format = source["format"]?.string.flatMap(ValueFormat.init(name:))
        minItems = source["minItems"]?.int
        maxItems = source["maxItems"]?.int
        minProperties = source["minProperties"]?.int
        maxProperties = source["maxProperties"]?.int
        required = (source["required"]?.array ?? []).compactMap(\.string)
        allOf = schemas("allOf")
        anyOf = schemas("anyOf")
        oneOf = schemas("oneOf")
        not = source["not"].map { $0.object == nil ? [] : [StructuralSchema($0)] } ?? []
    }
}
