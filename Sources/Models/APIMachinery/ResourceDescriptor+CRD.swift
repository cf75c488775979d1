package import ClusterAPI

extension ResourceDescriptor {
    /// What a CustomResourceDefinition declares.
    ///
    /// Throws 422 when parts that the descriptor needs are missing.
    package init(crd: JSONValue) throws(APIStatus) {
        let errors = CustomResourceDefinitionRules.servingErrors(in: crd)
        let name = crd["metadata"]?["name"]?.string ?? ""
        guard errors.isEmpty else { throw .invalid(.customResourceDefinition, name: name, errors) }
        let names = crd["spec"]?["names"]
        let group = crd["spec"]?["group"]?.string ?? ""
        let versions = crd["spec"]?["versions"]?.array ?? []
        let served = versions.filter { $0["served"]?.bool == true }
        let stored = versions.first { $0["storage"]?.bool == true }
        let version = { (entry: JSONValue?) in GroupVersion(group: group, version: entry?["name"]?.string ?? "") }
        let kind = names?["kind"]?.string ?? ""
        self.init(
            version(stored), kind: kind, plural: names?["plural"]?.string ?? "",
            shortNames: Self.strings(names?["shortNames"]), categories: Self.strings(names?["categories"]),
            isNamespaced: crd["spec"]?["scope"]?.string == "Namespaced",
            hasStatus: stored?["subresources"]?["status"] != nil,
            columns: Self.columns(stored?["additionalPrinterColumns"]))
        self.served = served.map(version)
        singular = names?["singular"]?.string ?? kind.lowercased()
        listKind = names?["listKind"]?.string ?? kind + "List"
        customResourceDefinition = name
        // In the order of the real server, which clients show as it is.
        verbs = ["delete", "deletecollection", "get", "list", "patch", "create", "update", "watch"]
        for entry in served {
            guard let schema = entry["schema"]?["openAPIV3Schema"] else { continue }
            schemas[entry["name"]?.string ?? ""] = StructuralSchema(schema)
        }
    }

    /// True when two kinds of the same group share a name by which clients find them.
    func collides(with other: ResourceDescriptor) -> Bool {
        guard storage.group == other.storage.group || other.served.contains(where: { $0.group == storage.group }),
            customResourceDefinition != other.customResourceDefinition
        else { return false }
        return plural == other.plural || kind == other.kind
    }

    private static func strings(_ value: JSONValue?) -> [String] { (value?.array ?? []).compactMap(\.string) }

    private static func columns(_ value: JSONValue?) -> [PrinterColumn] {
        let declared = (value?.array ?? []).map { column in
            let path = column["jsonPath"]?.string ?? ""
            let description = column["description"]?.string ?? ""
            return PrinterColumn(
                column["name"]?.string ?? "", type: column["type"]?.string ?? "string",
                format: column["format"]?.string ?? "",
                description: description.isEmpty
                    ? "Custom resource definition column (in JSONPath format): \(path)" : description,
                priority: Int(column["priority"]?.int ?? 0), value: .path(path))
        }
        return declared.isEmpty ? [] : declared
    }
}
