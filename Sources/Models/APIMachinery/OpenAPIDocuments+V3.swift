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

    private func v3(_ version: GroupVersion) -> JSONValue? {
        let resources = catalogue.resources(in: version)
        guard !resources.isEmpty else { return nil }
        var paths: [String: JSONValue] = [:]
        var definitions = APIDefinitions()
        for resource in resources {
            definitions.add(resource, at: version)
            for (path, operations) in Self.operations(of: resource, at: version) {
                paths[path] = .object(operations.mapValues(Self.document))
            }
        }
        return [
            "openapi": "3.0.0", "info": ["title": .string(Self.title), "version": .string(Self.version)],
            "paths": .object(paths), "components": ["schemas": .object(definitions.schemas.mapValues(\.v3))],
        ]
    }

    private static func document(_ operation: Operation) -> JSONValue {
        var document = operation.extensions
        document["responses"] = ["200": ["description": "OK"]]
        if !operation.parameters.isEmpty {
            document["parameters"] = .array(
                operation.parameters.map {
                    ["name": .string($0), "in": "query", "schema": ["type": "string", "uniqueItems": true]]
                })
        }
        return .object(document)
    }
}
