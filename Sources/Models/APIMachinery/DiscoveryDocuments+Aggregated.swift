package import ClusterAPI

/// Discovery in two documents (apidiscovery.k8s.io), as clients since Kubernetes 1.26 prefer it.
extension DiscoveryDocuments {
    /// `/api` with an aggregated Accept header.
    package func aggregatedCore(_ version: AggregatedVersion) -> JSONValue { aggregated([""], version) }

    /// `/apis` with an aggregated Accept header.
    package func aggregatedGroups(_ version: AggregatedVersion) -> JSONValue { aggregated(groupNames, version) }

    private func aggregated(_ groups: [String], _ version: AggregatedVersion) -> JSONValue {
        [
            "kind": "APIGroupDiscoveryList", "apiVersion": .string("apidiscovery.k8s.io/\(version.rawValue)"),
            "metadata": [:], "items": .array(groups.map(item)),
        ]
    }

    private func item(_ group: String) -> JSONValue {
        let versions: [JSONValue] = versions(of: group).map { version in
            [
                "version": .string(version.version), "freshness": "Current",
                "resources": .array(catalogue.resources(in: version).map { Self.entry($0, at: version) }),
            ]
        }
        return ["metadata": group.isEmpty ? [:] : ["name": .string(group)], "versions": .array(versions)]
    }

    private static func entry(_ resource: ResourceDescriptor, at version: GroupVersion) -> JSONValue {
        let responseKind: JSONValue = [
            "group": .string(version.group), "version": .string(version.version), "kind": .string(resource.kind),
        ]
        var entry: JSONValue = [
            "resource": .string(resource.plural), "responseKind": responseKind,
            "scope": resource.isNamespaced ? "Namespaced" : "Cluster",
            "singularResource": .string(resource.singular), "verbs": .array(resource.verbs.map(JSONValue.string)),
        ]
        addNicknames(of: resource, at: version, to: &entry)
        if resource.hasStatus {
            entry["subresources"] = [
                ["subresource": "status", "responseKind": responseKind, "verbs": ["get", "patch", "update"]]
            ]
        }
        return entry
    }
}
