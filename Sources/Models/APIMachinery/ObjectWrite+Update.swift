package import ClusterAPI

extension ObjectWrite {
    func updating(
        _ body: JSONValue, replacing existing: JSONValue, name: String, part: Part
    ) throws(APIStatus) -> Result {
        let accepted = try accept(body)
        var object = accepted.object
        let rules = KindRules.of(resource)
        var metadata = MetadataRules.normalized(object["metadata"]?.object ?? [:])
        let before = existing["metadata"]?.object ?? [:]
        try checkIdentity(&metadata, before: before, name: name)
        if part == .status {
            let status = object["status"]
            object = existing
            object["status"] = status
            metadata = before
        } else if resource.hasStatus {
            object["status"] = existing["status"]
        }
        for member in MetadataRules.serverOwned + ["uid", "generateName"] { metadata[member] = before[member] }
        metadata["resourceVersion"] = nil
        object["metadata"] = .object(metadata)
        if part == .main { rules.carryOver(&object, existing) }
        rules.setDefaults(&object)
        if part == .main, rules.hasGeneration {
            let generation = before["generation"]?.int ?? 1
            metadata["generation"] = .int(content(object) == content(existing) ? generation : generation + 1)
            object["metadata"] = .object(metadata)
        }
        let stated = accepted.object["metadata"]?["managedFields"]
        let owners = owners(of: object, stated: stated, replacing: existing)
        object["metadata"]?["managedFields"] = owners

        let errors =
            MetadataRules.errors(in: metadata, of: resource, nameRule: { _ in [] })
            + MetadataRules.updateErrors(from: before, to: metadata) + rules.errors(object)
            + (part == .main ? rules.updateErrors(object, existing) : [])
            + schemaErrors(in: object, replacing: existing)
        guard errors.isEmpty else { throw invalid(metadata, errors) }
        return Result(object: object, warnings: accepted.warnings)
    }

    /// 409 unless the `resourceVersion` and `uid` that the body states, if any, are those of the stored object.
    package func checkPreconditions(_ body: JSONValue, existing: JSONValue, name: String) throws(APIStatus) {
        let stated = body["metadata"]?["resourceVersion"]?.string ?? ""
        guard stated.isEmpty || stated == existing["metadata"]?["resourceVersion"]?.string else {
            throw .modifiedConflict(resource, name: name)
        }
        let uid = body["metadata"]?["uid"]?.string ?? ""
        let actual = existing["metadata"]?["uid"]?.string ?? ""
        guard uid.isEmpty || uid == actual else {
            throw .conflict(
                resource, name: name,
                why: "Precondition failed: UID in precondition: \(uid), UID in object meta: \(actual)")
        }
    }

    private func checkIdentity(
        _ metadata: inout [String: JSONValue], before: [String: JSONValue], name: String
    ) throws(APIStatus) {
        let stated = metadata["name"]?.string ?? ""
        guard !stated.isEmpty else {
            throw .badRequest(
                "the name of the object (\(name) based on URL) was undeterminable: name must be provided")
        }
        guard stated == name else {
            throw .badRequest("the name of the object (\(stated)) does not match the name on the URL (\(name))")
        }
        let place = metadata["namespace"]?.string ?? ""
        if let namespace, resource.isNamespaced, !place.isEmpty, place != namespace {
            throw .badRequest(
                "the namespace of the object (\(place)) does not match the namespace on the request (\(namespace))")
        }
        try fillNamespace(&metadata)
        try checkPreconditions(
            ["metadata": ["uid": metadata["uid"] ?? .null]], existing: ["metadata": .object(before)], name: name)
    }

    /// What `generation` counts the changes of.
    private func content(_ object: JSONValue) -> [String: JSONValue] {
        var members = object.object ?? [:]
        for name in ["metadata", "apiVersion", "kind"] { members[name] = nil }
        // Without the subresource, the status of a custom resource is a part like any other.
        if resource.hasStatus || resource.customResourceDefinition == nil { members["status"] = nil }
        return members
    }
}

extension ObjectWrite.Result {
    /// False when the stored object is the same already, apart from its resourceVersion: nothing is to be written.
    package func isChange(from existing: JSONValue) -> Bool {
        var stored = existing
        if var metadata = stored["metadata"] {
            metadata["resourceVersion"] = nil
            stored["metadata"] = metadata
        }
        return stored != object
    }
}
