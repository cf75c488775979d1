import ClusterAPI

/// Validation of meta/v1 LabelSelector inside objects.
enum SelectorRules {
    static func errors(in selector: JSONValue?, _ field: String) -> [FieldError] {
        guard let selector else { return [] }
        var errors = MetadataRules.labelErrors(selector["matchLabels"]?.object ?? [:], "\(field).matchLabels")
        for (index, expression) in (selector["matchExpressions"]?.array ?? []).enumerated() {
            errors += requirementErrors(expression, "\(field).matchExpressions[\(index)]")
        }
        return errors
    }

    private static func requirementErrors(_ requirement: JSONValue, _ field: String) -> [FieldError] {
        var errors: [FieldError] = []
        let values = requirement["values"]?.array ?? []
        switch requirement["operator"]?.string ?? "" {
        case "In", "NotIn":
            if values.isEmpty {
                errors.append(.required("\(field).values", "must be specified when `operator` is 'In' or 'NotIn'"))
            }
        case "Exists", "DoesNotExist":
            if !values.isEmpty {
                errors.append(
                    .forbidden("\(field).values", "may not be specified when `operator` is 'Exists' or 'DoesNotExist'"))
            }
        case let other: errors.append(.invalid("\(field).operator", .string(other), "not a valid selector operator"))
        }
        let key = requirement["key"]?.string ?? ""
        errors += NameRules.qualifiedName(key).map { .invalid("\(field).key", .string(key), $0) }
        for (index, value) in values.enumerated() {
            let text = value.string ?? ""
            errors += NameRules.labelValue(text).map { .invalid("\(field).values[\(index)]", .string(text), $0) }
        }
        return errors
    }
}
