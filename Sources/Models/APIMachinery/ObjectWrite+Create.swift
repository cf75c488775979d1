import ClusterAPI

extension ObjectWrite {
    func creating(_ body: JSONValue, uid: String, nameSuffix: String) throws(APIStatus) -> Result {
        let accepted = try accept(body)
        let draft = try draft(of: accepted.object, uid: uid, nameSuffix: nameSuffix)
        guard draft.errors.isEmpty else { throw invalid(draft.object["metadata"]?.object ?? [:], draft.errors) }
        return Result(object: draft.object, warnings: accepted.warnings)
    }

    /// The new object, and what is wrong with it.
    ///
    /// Throws 400 for metadata that cannot be of a new object in this place.
    func draft(
        of accepted: JSONValue, uid: String, nameSuffix: String
    ) throws(APIStatus) -> (object: JSONValue, errors: [FieldError]) {
        var object = accepted
        let rules = KindRules.of(resource)
        var metadata = MetadataRules.normalized(object["metadata"]?.object ?? [:])
        if let version = metadata["resourceVersion"]?.string, !version.isEmpty {
            throw .badRequest("resourceVersion should not be set on objects to be created")
        }
        try fillNamespace(&metadata)
        if metadata["name"]?.string?.isEmpty != false, let prefix = metadata["generateName"]?.string, !prefix.isEmpty {
            metadata["name"] = .string(String(prefix.prefix(MetadataRules.longestGeneratedPrefix)) + nameSuffix)
        }
        for member in MetadataRules.serverOwned { metadata[member] = nil }
        metadata["uid"] = .string(uid)
        metadata["creationTimestamp"] = .string(now.text)
        if rules.hasGeneration { metadata["generation"] = 1 }
        object["metadata"] = .object(metadata)
        if resource.hasStatus, !rules.keepsStatusOnCreate { object["status"] = nil }
        rules.setDefaults(&object)
        if let owners = owners(of: object, stated: accepted["metadata"]?["managedFields"]) {
            object["metadata"]?["managedFields"] = owners
        }

        let errors =
            MetadataRules.errors(in: metadata, of: resource, nameRule: rules.nameProblems) + rules.errors(object)
            + schemaErrors(in: object, replacing: nil)
        return (object, errors)
    }

    /// What the schema of a CustomResourceDefinition finds wrong; nothing for built-in kinds.
    func schemaErrors(in object: JSONValue, replacing existing: JSONValue?) -> [FieldError] {
        guard let schema = resource.schemas[version.version] else { return [] }
        var validation = SchemaValidation()
        let errors = validation.errors(in: object, schema)
        // Lists that were wrong before the definition said so do not hold up other changes.
        if let existing, !ListRules.errors(in: existing, schema).isEmpty { return errors }
        return errors + ListRules.errors(in: object, schema)
    }

    /// The body in the storage version, its shape checked.
    func accept(_ body: JSONValue) throws(APIStatus) -> Result {
        guard body.object != nil else { throw .badRequest("the body of the request is not a JSON object") }
        if let stated = body["apiVersion"]?.string, !stated.isEmpty, stated != version.apiVersion {
            throw .badRequest(
                "the API version in the data (\(stated)) does not match the expected API version (\(version.apiVersion))"
            )
        }
        if let stated = body["kind"]?.string, !stated.isEmpty, stated != resource.kind {
            throw .badRequest("\(stated) in version \"\(version.version)\" cannot be handled as a \(resource.kind)")
        }
        var check = ShapeCheck()
        var object = check.checked(stored(body), as: TypeTable.root(of: resource))
        let refusal = "\(resource.kind) in version \"\(version.version)\" cannot be handled as a \(resource.kind): "
        if let mismatch = check.mismatches.first { throw .badRequest(refusal + mismatch.text) }
        var unknown = check.unknownFields.map { "unknown field \"\($0.path)\"" }
        if let schema = resource.schemas[version.version] {
            var fitting = SchemaFitting()
            object = resource.converted(fitting.fitted(object: object, to: schema), to: resource.storage, from: version)
            unknown += fitting.unknownFields.map(\.path.description).sorted().map { "unknown field \"\($0)\"" }
        }
        switch fieldValidation {
        case .ignore: return Result(object: object, warnings: [])
        case .warn: return Result(object: object, warnings: unknown)
        case .strict:
            guard unknown.isEmpty else {
                throw .badRequest(refusal + "strict decoding error: " + unknown.joined(separator: ", "))
            }
            return Result(object: object, warnings: [])
        }
    }

    /// A body of the request's version in the storage version.
    func stored(_ body: JSONValue) -> JSONValue {
        var stated = body
        stated["apiVersion"] = .string(version.apiVersion)
        guard resource.schemas.isEmpty else {
            // Converted when it is known what the request's own version does not have.
            stated["kind"] = .string(resource.kind)
            return stated
        }
        return resource.converted(stated, to: resource.storage)
    }

    func fillNamespace(_ metadata: inout [String: JSONValue]) throws(APIStatus) {
        let stated = metadata["namespace"]?.string ?? ""
        guard resource.isNamespaced, let namespace else {
            guard stated.isEmpty || resource.isNamespaced else {
                throw .badRequest(
                    "the namespace of the provided object does not match the namespace sent on the request")
            }
            metadata["namespace"] = nil
            return
        }
        guard stated.isEmpty || stated == namespace else {
            throw .badRequest("the namespace of the provided object does not match the namespace sent on the request")
        }
        metadata["namespace"] = .string(namespace)
    }

    func invalid(_ metadata: [String: JSONValue], _ errors: [FieldError]) -> APIStatus {
        let name = metadata["name"]?.string ?? ""
        return .invalid(resource, name: name.isEmpty ? metadata["generateName"]?.string ?? "" : name, errors)
    }
}
