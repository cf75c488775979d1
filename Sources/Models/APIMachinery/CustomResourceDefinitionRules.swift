import ClusterAPI

/// What must hold of a CustomResourceDefinition before its kind can be served.
enum CustomResourceDefinitionRules {
    /// Everything that a definition must hold to when it is written.
    static func errors(in crd: JSONValue) -> [FieldError] {
        let spec = crd["spec"] ?? [:]
        var errors = servingErrors(in: crd) + schemas(spec["versions"]?.array ?? [])
        if spec["preserveUnknownFields"]?.bool == true {
            let why =
                "cannot set to true, set x-kubernetes-preserve-unknown-fields to true in spec.versions[*].schema"
                + " instead"
            errors.append(.invalid("spec.preserveUnknownFields", true, why))
        }
        return errors + approval(crd, spec["group"]?.string ?? "")
    }

    /// What its kind cannot be served without; definitions that are stored were once held against no more.
    static func servingErrors(in crd: JSONValue) -> [FieldError] {
        guard let spec = crd["spec"], spec.object != nil else { return [.required("spec")] }
        var errors: [FieldError] = []
        let group = spec["group"]?.string ?? ""
        if group.isEmpty {
            errors.append(.required("spec.group"))
        } else if !group.contains(".") {
            errors.append(.invalid("spec.group", .string(group), "should be a domain with at least one dot"))
        }
        errors += scope(spec["scope"])
        errors += names(spec["names"])
        errors += versions(spec["versions"]?.array ?? [])
        let expected = "\(spec["names"]?["plural"]?.string ?? "").\(group)"
        let name = crd["metadata"]?["name"]?.string ?? ""
        if name != expected {
            errors.append(.invalid("metadata.name", .string(name), "must be spec.names.plural+\".\"+spec.group"))
        }
        return errors
    }

    private static func scope(_ scope: JSONValue?) -> [FieldError] {
        let known = ["Cluster", "Namespaced"]
        guard let text = scope?.string, !text.isEmpty else { return [.required("spec.scope")] }
        return known.contains(text) ? [] : [.notSupported("spec.scope", .string(text), known)]
    }

    private static func names(_ names: JSONValue?) -> [FieldError] {
        var errors: [FieldError] = []
        for member in ["plural", "kind"] where names?[member]?.string?.isEmpty != false {
            errors.append(.required("spec.names.\(member)"))
        }
        for member in ["plural", "singular"] {
            guard let text = names?[member]?.string, !text.isEmpty else { continue }
            errors += NameRules.dns1035Label(text).map { .invalid("spec.names.\(member)", .string(text), $0) }
        }
        for member in ["kind", "listKind"] {
            guard let text = names?[member]?.string, !text.isEmpty else { continue }
            errors += NameRules.dns1035Label(text.lowercased()).map {
                .invalid(
                    "spec.names.\(member)", .string(text), "may have mixed case, but should otherwise match: \($0)")
            }
        }
        return errors
    }

    private static func versions(_ versions: [JSONValue]) -> [FieldError] {
        var errors: [FieldError] = []
        var seen: Set<String> = []
        for (index, version) in versions.enumerated() {
            let field = "spec.versions[\(index)]"
            let name = version["name"]?.string ?? ""
            errors += NameRules.dns1035Label(name).map { .invalid("\(field).name", .string(name), $0) }
            if !seen.insert(name).inserted { errors.append(.duplicate("\(field).name", .string(name))) }
            if version["schema"]?["openAPIV3Schema"]?.object == nil {
                errors.append(.required("\(field).schema.openAPIV3Schema", "schemas are required"))
            }
            for (number, column) in (version["additionalPrinterColumns"]?.array ?? []).enumerated() {
                errors += self.column(column, "\(field).additionalPrinterColumns[\(number)]")
            }
        }
        let stored = versions.filter { $0["storage"]?.bool == true }
        if stored.count != 1 {
            errors.append(
                .invalid("spec.versions", .array(versions), "must have exactly one version marked as storage version"))
        }
        return errors
    }

    private static func schemas(_ versions: [JSONValue]) -> [FieldError] {
        // What all versions have in common is one thing to the real server.
        let schemas = versions.map { $0["schema"]?["openAPIV3Schema"] ?? .null }
        let haveOneSchema = schemas.allSatisfy { $0 == schemas.first }
        var errors: [FieldError] = []
        for (index, version) in versions.enumerated()
        where schemas[index].object != nil && (index == 0 || !haveOneSchema) {
            let place = haveOneSchema ? "spec.validation" : "spec.versions[\(index)].schema"
            let hasStatus = version["subresources"]?["status"] ?? .null != .null
            errors += StructuralSchemaRules.errors(
                in: schemas[index], at: "\(place).openAPIV3Schema", hasStatus: hasStatus)
        }
        return errors
    }

    /// The groups of Kubernetes itself are open only to what its people have looked at.
    private static func approval(_ crd: JSONValue, _ group: String) -> [FieldError] {
        let isProtected = ["k8s.io", "kubernetes.io"].contains { group == $0 || group.hasSuffix("." + $0) }
        let name = "api-approved.kubernetes.io"
        guard isProtected, crd["metadata"]?["annotations"]?[name]?.string?.isEmpty != false else { return [] }
        let why =
            "protected groups must have approval annotation \"\(name)\","
            + " see https://github.com/kubernetes/enhancements/pull/1111"
        return [.required("metadata.annotations[\(name)]", why)]
    }

    private static func column(_ column: JSONValue, _ field: String) -> [FieldError] {
        var errors: [FieldError] = []
        if column["name"]?.string?.isEmpty != false { errors.append(.required("\(field).name")) }
        let types = ["boolean", "date", "integer", "number", "string"]
        if let type = column["type"]?.string, !type.isEmpty {
            if !types.contains(type) { errors.append(.notSupported("\(field).type", .string(type), types)) }
        } else {
            errors.append(.required("\(field).type", "must be one of \(types.joined(separator: ","))"))
        }
        guard let path = column["jsonPath"]?.string, !path.isEmpty else {
            return errors + [.required("\(field).jsonPath")]
        }
        if JSONPath(path) == nil {
            errors.append(.invalid("\(field).jsonPath", .string(path), "is not a JSONPath that columns can show"))
        }
        return errors
    }
}
