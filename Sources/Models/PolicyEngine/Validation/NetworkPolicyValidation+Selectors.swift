import ClusterAPI

extension NetworkPolicyValidation {
    static func selectorErrors(_ selector: LabelSelector, _ path: FieldPath) -> [PolicyFieldError] {
        var errors = labelErrors(selector.matchLabels ?? [:], path["matchLabels"])
        for (index, requirement) in (selector.matchExpressions ?? []).enumerated() {
            errors += requirementErrors(requirement, path["matchExpressions"][index])
        }
        return errors
    }

    static func requirementErrors(_ requirement: LabelSelector.Requirement, _ path: FieldPath) -> [PolicyFieldError] {
        var errors: [PolicyFieldError] = []
        let values = requirement.values ?? []
        switch requirement.operator {
        case .in, .notIn:
            if values.isEmpty {
                let reason = "must be specified when `operator` is 'In' or 'NotIn'"
                errors.append(.required(path["values"], reason))
            }
        case .exists, .doesNotExist:
            if !values.isEmpty {
                let reason = "may not be specified when `operator` is 'Exists' or 'DoesNotExist'"
                errors.append(.forbidden(path["values"], reason))
            }
        case .unknown(let text):
            errors.append(.invalid(path["operator"], text, "not a valid selector operator"))
        }
        if !LabelSyntax.isKey(requirement.key) {
            errors.append(.invalid(path["key"], requirement.key, LabelSyntax.keyRule))
        }
        for (index, value) in values.enumerated() where !LabelSyntax.isValue(value) {
            errors.append(.invalid(path["values"][index], value, LabelSyntax.valueRule))
        }
        return errors
    }

    static func labelErrors(_ labels: [String: String], _ path: FieldPath) -> [PolicyFieldError] {
        labels.sorted { $0.key < $1.key }.flatMap { key, value in
            var errors: [PolicyFieldError] = []
            if !LabelSyntax.isKey(key) { errors.append(.invalid(path, key, LabelSyntax.keyRule)) }
            if !LabelSyntax.isValue(value) { errors.append(.invalid(path, value, LabelSyntax.valueRule)) }
            return errors
        }
    }
}
