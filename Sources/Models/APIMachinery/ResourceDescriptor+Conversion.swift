package import ClusterAPI

extension ResourceDescriptor {
    /// The object as a served version shows it.
    ///
    /// Versions of one storage have the same fields, except that events.k8s.io names some of Event's differently, and
    /// that a version of a custom resource shows what its schema has; `kind` is set too, for objects out of lists that
    /// came without.
    package func converted(_ object: JSONValue, to version: GroupVersion) -> JSONValue {
        converted(
            object, to: version, from: object["apiVersion"]?.string.flatMap(GroupVersion.init(apiVersion:)) ?? storage)
    }

    func converted(_ object: JSONValue, to version: GroupVersion, from: GroupVersion) -> JSONValue {
        var result = object
        if from != version {
            if kind == "Event" { result = EventConversion.converted(result, to: version) }
            if let schema = schemas[version.version], schema != schemas[from.version] {
                var fitting = SchemaFitting(setsDefaults: false)
                result = fitting.fitted(object: result, to: schema)
            }
        }
        result["apiVersion"] = .string(version.apiVersion)
        result["kind"] = .string(kind)
        return result
    }

    /// `{kind: PodList, apiVersion, metadata, items}` in a served version.
    ///
    /// `metadata` holds resourceVersion, and continue and remainingItemCount where they apply.
    package func list(of objects: [JSONValue], metadata: JSONValue, in version: GroupVersion) -> JSONValue {
        [
            "kind": .string(listKind), "apiVersion": .string(version.apiVersion), "metadata": metadata,
            "items": .array(objects.map { converted($0, to: version) }),
        ]
    }
}
