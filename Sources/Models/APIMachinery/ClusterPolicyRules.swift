import ClusterAPI

/// Validation of the cluster-wide policies of policy.networking.k8s.io (its CRDs, experimental channel).
enum ClusterPolicyRules {
    static func adminErrors(in object: JSONValue) -> [FieldError] {
        errors(in: object, Dialect(actions: ["Allow", "Deny", "Pass"], hasPriority: true))
    }

    static func baselineErrors(in object: JSONValue) -> [FieldError] {
        let name = object["metadata"]?["name"]?.string ?? ""
        let nameErrors: [FieldError] =
            name == "default"
            ? [] : [.invalid("metadata.name", .string(name), "Only one baseline policy with metadata.name=default")]
        return nameErrors + errors(in: object, Dialect(actions: ["Allow", "Deny"], hasPriority: false))
    }

    static func clusterErrors(in object: JSONValue) -> [FieldError] {
        errors(
            in: object,
            Dialect(
                actions: ["Accept", "Deny", "Pass"], hasPriority: true, hasTier: true, portList: "protocols",
                maximumItems: 25))
    }

    /// In what the two versions of the API differ.
    struct Dialect {
        /// The first one allows.
        let actions: [String]
        let hasPriority: Bool
        var hasTier = false
        /// The field for the ports of a rule.
        var portList = "ports"
        /// Of a list of rules, peers or ports.
        var maximumItems = 100
    }

    private static func errors(in object: JSONValue, _ dialect: Dialect) -> [FieldError] {
        guard let spec = object["spec"], spec.object != nil else { return [.required("spec")] }
        var errors: [FieldError] = []
        if dialect.hasTier, !["Admin", "Baseline"].contains(spec["tier"]?.string) {
            let tier = spec["tier"] ?? .string("")
            errors.append(.notSupported("spec.tier", tier, ["Admin", "Baseline"]))
        }
        errors += priorityErrors(spec["priority"], dialect) + subjectErrors(spec["subject"])
        for direction in [DirectionRules.ingress, .egress] {
            let field = "spec.\(direction.field)"
            let rules = spec[direction.field]?.array ?? []
            errors += countErrors(rules, field, dialect.maximumItems)
            for (index, rule) in rules.enumerated() {
                errors += ruleErrors(rule, "\(field)[\(index)]", direction, dialect)
            }
        }
        return errors
    }

    private static func priorityErrors(_ priority: JSONValue?, _ dialect: Dialect) -> [FieldError] {
        guard let priority else { return dialect.hasPriority ? [.required("spec.priority")] : [] }
        if !dialect.hasPriority { return [.forbidden("spec.priority", "a baseline policy has no priority")] }
        let isInside = priority.int.map { (0...1000).contains($0) } ?? false
        return isInside ? [] : [.invalid("spec.priority", priority, "must be between 0 and 1000, inclusive")]
    }

    static func subjectErrors(_ subject: JSONValue?) -> [FieldError] {
        guard let subject else { return [.required("spec.subject")] }
        return choiceErrors(subject, ["namespaces", "pods"], "spec.subject")
            + selectorErrors(subject, "spec.subject")
    }

    /// Exactly one of the members must be there.
    static func choiceErrors(_ value: JSONValue, _ members: [String], _ field: String) -> [FieldError] {
        let count = members.count { value[$0] != nil }
        let list = members.joined(separator: ", ")
        if count == 0 { return [.required(field, "must have exactly one of: \(list)")] }
        return count == 1 ? [] : [.forbidden(field, "must not have more than one of: \(list)")]
    }

    /// The selectors of a subject or a peer.
    static func selectorErrors(_ value: JSONValue, _ field: String) -> [FieldError] {
        var errors = ["namespaces", "nodes"].flatMap { SelectorRules.errors(in: value[$0], "\(field).\($0)") }
        guard let pods = value["pods"] else { return errors }
        if pods["podSelector"] == nil { errors.append(.required("\(field).pods.podSelector")) }
        for member in ["namespaceSelector", "podSelector"] {
            errors += SelectorRules.errors(in: pods[member], "\(field).pods.\(member)")
        }
        return errors
    }

    static func countErrors(_ list: [JSONValue], _ field: String, _ maximum: Int) -> [FieldError] {
        list.count > maximum ? [.tooMany(field, list.count, maximum: maximum)] : []
    }
}
