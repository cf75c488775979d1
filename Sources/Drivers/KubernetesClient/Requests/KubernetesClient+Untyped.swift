package import ClusterAPI

/// Requests for objects of any kind, as JSON. `resource(of:)` and `resource(named:)` find the kind's `ResourceType`.
extension KubernetesClient {
    package func get(
        _ resource: ResourceType, _ name: String, in namespace: String? = nil, subresource: String? = nil
    ) async throws -> JSONValue {
        try await fetch(resource, name, in: namespace, subresource: subresource)
    }

    package func list(
        _ resource: ResourceType, in namespace: String? = nil, options: ListOptions = ListOptions()
    ) async throws -> ObjectList<JSONValue> {
        try await collect(resource, in: namespace, options: options)
    }

    /// Creates an object of any kind; `namespace` is used for a namespaced object that names none.
    @discardableResult
    package func create(_ object: JSONValue, in namespace: String? = nil) async throws -> JSONValue {
        let target = try await target(of: object, in: namespace)
        let path = try target.resource.collectionPath(in: target.namespace, naming: target.name)
        return try await submit(.post, path: path, body: try WireCodec.encode(target.object))
    }

    /// Replaces an object of any kind; a conflict when its `metadata.resourceVersion` is no longer the current one.
    @discardableResult
    package func update(
        _ object: JSONValue, in namespace: String? = nil, subresource: String? = nil
    ) async throws -> JSONValue {
        let target = try await target(of: object, in: namespace)
        let path = try target.resource.objectPath(target.name, in: target.namespace, subresource: subresource)
        return try await submit(.put, path: path, body: try WireCodec.encode(target.object))
    }

    @discardableResult
    package func patch(
        _ resource: ResourceType, _ name: String, in namespace: String? = nil, with patch: Patch,
        subresource: String? = nil
    ) async throws -> JSONValue {
        let path = try resource.objectPath(name, in: namespace, subresource: subresource)
        return try await submit(
            .patch, path: path, body: try WireCodec.encode(patch.document), contentType: patch.contentType)
    }

    package func delete(
        _ resource: ResourceType, _ name: String, in namespace: String? = nil,
        options: DeleteOptions = DeleteOptions()
    ) async throws {
        try await remove(resource, name, in: namespace, options: options)
    }

    private struct Target {
        var resource: ResourceType
        var name: String
        var namespace: String?
        var object: JSONValue
    }

    private func target(of object: JSONValue, in namespace: String?) async throws -> Target {
        let resource = try await resource(of: object)
        let metadata = object["metadata"]
        var target = Target(
            resource: resource, name: metadata?["name"]?.string ?? "", namespace: metadata?["namespace"]?.string,
            object: object)
        guard resource.isNamespaced, (target.namespace ?? "").isEmpty, let namespace else { return target }
        target.namespace = namespace
        var filled = metadata ?? [:]
        filled["namespace"] = .string(namespace)
        target.object["metadata"] = filled
        return target
    }
}
