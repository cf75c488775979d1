package import ClusterAPI

/// Discovery one document per group and version, as clients before Kubernetes 1.26 read it.
extension DiscoveryDocuments {
    /// `/api`.
    ///
    /// `serverAddress` is `host:port` as the client reached it.
    package func coreVersions(serverAddress: String) -> JSONValue {
        [
            "kind": "APIVersions", "versions": .array(versions(of: "").map { .string($0.version) }),
            "serverAddressByClientCIDRs": [["clientCIDR": "0.0.0.0/0", "serverAddress": .string(serverAddress)]],
        ]
    }

    /// `/apis`.
    package var groupList: JSONValue {
        ["kind": "APIGroupList", "apiVersion": "v1", "groups": .array(groupNames.map(groupBody))]
    }

    /// `/apis/GROUP`; nil when nothing of the group is served.
    package func group(_ name: String) -> JSONValue? {
        guard groupNames.contains(name) else { return nil }
        var document = groupBody(name)
        document["kind"] = "APIGroup"
        document["apiVersion"] = "v1"
        return document
    }

    /// `/api/v1` and `/apis/GROUP/VERSION`; nil when nothing is served there.
    package func resourceList(_ version: GroupVersion) -> JSONValue? {
        let served = catalogue.resources(in: version)
        guard !served.isEmpty else { return nil }
        return [
            "kind": "APIResourceList", "apiVersion": "v1", "groupVersion": .string(version.apiVersion),
            "resources": .array(served.flatMap { Self.entries($0, at: version) }),
        ]
    }

    /// Every group but the core.
    var groupNames: [String] {
        var names: [String] = []
        for version in catalogue.groupVersions where !version.group.isEmpty && !names.contains(version.group) {
            names.append(version.group)
        }
        return names
    }

    func versions(of group: String) -> [GroupVersion] { catalogue.groupVersions.filter { $0.group == group } }

    private func groupBody(_ name: String) -> JSONValue {
        let versions: [JSONValue] = versions(of: name).map {
            ["groupVersion": .string($0.apiVersion), "version": .string($0.version)]
        }
        return ["name": .string(name), "versions": .array(versions), "preferredVersion": versions.first ?? [:]]
    }

    private static func entries(_ resource: ResourceDescriptor, at version: GroupVersion) -> [JSONValue] {
        var entry: JSONValue = [
            "name": .string(resource.plural), "singularName": .string(resource.singular),
            "namespaced": .bool(resource.isNamespaced), "kind": .string(resource.kind),
            "verbs": .array(resource.verbs.map(JSONValue.string)),
        ]
        addNicknames(of: resource, at: version, to: &entry)
        guard resource.hasStatus else { return [entry] }
        return [
            entry,
            [
                "name": .string(resource.plural + "/status"), "singularName": "",
                "namespaced": .bool(resource.isNamespaced), "kind": .string(resource.kind),
                "verbs": ["get", "patch", "update"],
            ],
        ]
    }

    /// Short names and categories, in the group of the storage only: in two groups, clients would find them ambiguous.
    static func addNicknames(of resource: ResourceDescriptor, at version: GroupVersion, to entry: inout JSONValue) {
        guard version.group == resource.storage.group else { return }
        if !resource.shortNames.isEmpty { entry["shortNames"] = .array(resource.shortNames.map(JSONValue.string)) }
        if !resource.categories.isEmpty { entry["categories"] = .array(resource.categories.map(JSONValue.string)) }
    }
}
