package import ClusterAPI
import NetworkTypes

/// OpenAPI v3, which kubectl from 1.27 on reads: an index, and a document per group and version.
extension OpenAPIDocuments {
    /// `/openapi/v3`.
    ///
    /// The hash in each URL changes with the content, as clients cache by it.
    package var v3Index: JSONValue {
        var paths: [String: JSONValue] = [:]
        for version in catalogue.groupVersions {
            guard let document = v3(version) else { continue }
            let path = Self.path(of: version)
            let hash = document.compactText.stableHash.uppercased()
            paths[path] = ["serverRelativeURL": .string("/openapi/v3/\(path)?hash=\(hash)")]
        }
        return ["paths": .object(paths)]
    }

    /// `/openapi/v3/PATH` with the path as in the index (`api/v1`, `apis/networking.k8s.io/v1`); nil for unknown ones.
    package func v3(path: String) -> JSONValue? {
        let parts = path.split(separator: "/").map(String.init)
        switch (parts.first, parts.count) {
        case ("api", 2): return v3(GroupVersion(group: "", version: parts[1]))
        case ("apis", 3): return v3(GroupVersion(group: parts[1], version: parts[2]))
        default: return nil
        }
    }

    private static func path(of version: GroupVersion) -> String {
        version.group.isEmpty ? "api/\(version.version)" : "apis/\(version.group)/\(version.version)"
    }

    private func v3(_ version: GroupVersion) -> JSONValue? {
        let resources = catalogue.resources(in: version)
        guard !resources.isEmpty else { return nil }
        var paths: [String: JSONValue] = [:]
        for resource in resources {
            let base = "/\(Self.path(of: version))" + (resource.isNamespaced ? "/namespaces/{namespace}" : "")
            paths["\(base)/\(resource.plural)"] = ["post": operation("post", resource, version)]
            guard resource.verbs.contains("patch") else { continue }
            paths["\(base)/\(resource.plural)/{name}"] = [
                "get": operation("get", resource, version), "put": operation("put", resource, version),
                "patch": operation("patch", resource, version), "delete": operation("delete", resource, version),
            ]
        }
        return [
            "openapi": "3.0.0", "info": ["title": "Gabion", "version": "v1.32.0"], "paths": .object(paths),
            "components": ["schemas": .object(OpenAPISchemas(resources, at: version).components)],
        ]
    }

    private func operation(_ method: String, _ resource: ResourceDescriptor, _ version: GroupVersion) -> JSONValue {
        let kind: JSONValue = [
            "group": .string(version.group), "version": .string(version.version), "kind": .string(resource.kind),
        ]
        let action =
            ["post": "post", "get": "get", "put": "put", "patch": "patch", "delete": "delete"][method] ?? method
        var operation: JSONValue = [
            "x-kubernetes-action": .string(action), "x-kubernetes-group-version-kind": kind,
            "responses": ["200": ["description": "OK"]],
        ]
        guard method != "get" else { return operation }
        var parameters: [JSONValue] = [Self.query("dryRun")]
        if method != "delete" { parameters.append(Self.query("fieldValidation")) }
        operation["parameters"] = .array(parameters)
        return operation
    }

    private static func query(_ name: String) -> JSONValue {
        ["name": .string(name), "in": "query", "schema": ["type": "string", "uniqueItems": true]]
    }
}
