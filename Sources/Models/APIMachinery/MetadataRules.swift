import ClusterAPI

/// What holds of `metadata` of every kind (apimachinery `api/validation/objectmeta.go`).
enum MetadataRules {
    /// generateName is cut so that the name with its five random characters stays within 63.
    static let longestGeneratedPrefix = 58
    static let largestAnnotations = 256 * 1_024

    /// Fields that the server sets and clients cannot.
    static let serverOwned = [
        "creationTimestamp", "deletionTimestamp", "deletionGracePeriodSeconds", "generation", "selfLink",
        "managedFields",
    ]
    /// Where finalizers have a domain, or are one of these; definitions and what they define are not there.
    private static let kubernetesGroups: Set<String> = [
        "", "networking.k8s.io", "discovery.k8s.io", "coordination.k8s.io",
    ]
    private static let plainFinalizers: Set<String> = ["kubernetes", "orphan", "foregroundDeletion"]

    /// Without nulls and without empty maps and lists, which mean the same as absent.
    static func normalized(_ metadata: [String: JSONValue]) -> [String: JSONValue] {
        metadata.filter { _, value in
            value != .null && value.object?.isEmpty != true && value.array?.isEmpty != true && value != ""
        }
    }

    static func errors(
        in metadata: [String: JSONValue], of resource: ResourceDescriptor, nameRule: (String) -> [String]
    ) -> [FieldError] {
        var errors: [FieldError] = []
        let name = metadata["name"]?.string ?? ""
        if name.isEmpty {
            errors.append(.required("metadata.name", "name or generateName is required"))
        } else {
            errors += nameRule(name).map { .invalid("metadata.name", .string(name), $0) }
        }
        if resource.isNamespaced {
            let namespace = metadata["namespace"]?.string ?? ""
            if namespace.isEmpty {
                errors.append(.required("metadata.namespace"))
            } else {
                errors += NameRules.dns1123Label(namespace).map {
                    .invalid("metadata.namespace", .string(namespace), $0)
                }
            }
        }
        errors += labelErrors(metadata["labels"]?.object ?? [:], "metadata.labels")
        errors += annotationErrors(metadata["annotations"]?.object ?? [:], "metadata.annotations")
        errors += ownerErrors(metadata["ownerReferences"]?.array ?? [])
        for (index, finalizer) in (metadata["finalizers"]?.array ?? []).enumerated() {
            let text = finalizer.string ?? ""
            errors += finalizerErrors(
                text, "metadata.finalizers[\(index)]", ofKubernetes: kubernetesGroups.contains(resource.storage.group))
        }
        return errors
    }

    static func finalizerErrors(_ text: String, _ field: String, ofKubernetes: Bool) -> [FieldError] {
        var problems = NameRules.qualifiedName(text)
        if problems.isEmpty, ofKubernetes, !text.contains("/"), !plainFinalizers.contains(text) {
            problems = ["name is neither a standard finalizer name nor is it fully qualified"]
        }
        return problems.map { .invalid(field, .string(text), $0) }
    }

    static func updateErrors(from before: [String: JSONValue], to after: [String: JSONValue]) -> [FieldError] {
        guard before["deletionTimestamp"] != nil else { return [] }
        let old = Set((before["finalizers"]?.array ?? []).compactMap(\.string))
        let added = (after["finalizers"]?.array ?? []).compactMap(\.string).filter { !old.contains($0) }
        guard !added.isEmpty else { return [] }
        let list = added.map { "\"\($0)\"" }.joined(separator: ", ")
        return [
            .forbidden(
                "metadata.finalizers",
                "no new finalizers can be added if the object is being deleted, found new finalizers []string{\(list)}")
        ]
    }

    static func labelErrors(_ labels: [String: JSONValue], _ field: String) -> [FieldError] {
        labels.sorted { $0.key < $1.key }.flatMap { key, value in
            let text = value.string ?? ""
            return NameRules.qualifiedName(key).map { FieldError.invalid(field, .string(key), $0) }
                + NameRules.labelValue(text).map { FieldError.invalid(field, .string(text), $0) }
        }
    }

    private static func annotationErrors(_ annotations: [String: JSONValue], _ field: String) -> [FieldError] {
        var errors: [FieldError] = annotations.keys.sorted().flatMap { key in
            NameRules.qualifiedName(key.lowercased()).map { .invalid(field, .string(key), $0) }
        }
        let size = annotations.reduce(0) { $0 + $1.key.utf8.count + ($1.value.string?.utf8.count ?? 0) }
        if size > largestAnnotations { errors.append(.tooLong(field, maximum: largestAnnotations)) }
        return errors
    }

    private static func ownerErrors(_ owners: [JSONValue]) -> [FieldError] {
        var errors: [FieldError] = []
        let field = "metadata.ownerReferences"
        for owner in owners {
            let version = owner["apiVersion"]?.string ?? ""
            if GroupVersion(apiVersion: version) == nil {
                errors.append(.invalid("\(field).apiVersion", .string(version), "version must not be empty"))
            }
            for member in ["kind", "name", "uid"] where owner[member]?.string?.isEmpty != false {
                errors.append(.invalid("\(field).\(member)", "", "\(member) must not be empty"))
            }
        }
        let controllers = owners.filter { $0["controller"]?.bool == true }
        if controllers.count > 1 {
            let names = controllers.prefix(2).compactMap { $0["name"]?.string }.joined(separator: " and ")
            errors.append(
                .invalid(
                    field, .array(owners),
                    "Only one reference can have Controller set to true. Found \"true\" in references for \(names)"))
        }
        return errors
    }
}
