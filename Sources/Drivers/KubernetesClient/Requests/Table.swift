package import ClusterAPI

/// meta.k8s.io/v1 Table: a list as the server wants people to see it.
package struct Table: Decodable, Hashable, Sendable {
    package struct Column: Decodable, Hashable, Sendable {
        package var name: String
        package var type: String
        package var description: String?
        /// 0 is always shown; higher ones only in wide output.
        package var priority: Int?
    }

    package struct Row: Decodable, Hashable, Sendable {
        package var cells: [JSONValue]
        /// PartialObjectMetadata.
        package var object: JSONValue?
    }

    package var columnDefinitions: [Column]
    package var rows: [Row]
}

extension KubernetesClient {
    /// The server's table of a collection, or of one object when `name` is given.
    package func table(
        _ resource: ResourceType, _ name: String? = nil, in namespace: String? = nil,
        options: ListOptions = ListOptions()
    ) async throws -> Table {
        let path =
            try name.map { try resource.objectPath($0, in: namespace) } ?? resource.path(namespace: namespace)
        var request = APIRequest(method: .get, path: path, query: name == nil ? options.selectors : [])
        request.accept = "application/json;as=Table;v=v1;g=meta.k8s.io,application/json"
        return try WireCodec.decode(Table.self, from: try await send(request), of: request)
    }

    /// The version of the server, from `/version`: `gitVersion` and others.
    package func serverVersion() async throws -> JSONValue {
        let request = APIRequest(method: .get, path: "/version")
        return try WireCodec.decode(JSONValue.self, from: try await send(request), of: request)
    }
}
