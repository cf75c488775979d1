package import ClusterAPI

/// Requests for kinds with a Swift type.
extension KubernetesClient {
    package func get<Object: APIObject>(
        _ type: Object.Type = Object.self, _ name: String, in namespace: String? = nil
    ) async throws -> Object {
        try await fetch(Object.resource, name, in: namespace)
    }

    /// All objects of a namespace, or of all namespaces when `namespace` is nil.
    package func list<Object: APIObject>(
        _ type: Object.Type = Object.self, in namespace: String? = nil, options: ListOptions = ListOptions()
    ) async throws -> ObjectList<Object> {
        try await collect([Object.resource] + Object.olderResources, in: namespace, options: options).0
    }

    /// Creates the object in its own namespace and returns what the server stored.
    @discardableResult
    package func create<Object: APIObject>(_ object: Object) async throws -> Object {
        let path = try Object.resource.collectionPath(in: object.metadata.namespace, naming: object.key.name)
        return try await submit(.post, path: path, body: try WireCodec.encode(WireObject(object)))
    }

    /// Replaces the object; a conflict when `metadata.resourceVersion` is set and no longer the current one.
    ///
    /// Fields that the Swift type does not know are lost: for kinds that others write too, patch.
    @discardableResult
    package func update<Object: APIObject>(_ object: Object) async throws -> Object {
        try await replace(object, subresource: nil)
    }

    /// Replaces `status` only.
    @discardableResult
    package func updateStatus<Object: APIObject>(_ object: Object) async throws -> Object {
        try await replace(object, subresource: "status")
    }

    /// Changes part of an object; `subresource` may be `status`.
    @discardableResult
    package func patch<Object: APIObject>(
        _ type: Object.Type = Object.self, _ name: String, in namespace: String? = nil, with patch: Patch,
        subresource: String? = nil
    ) async throws -> Object {
        let path = try Object.resource.objectPath(name, in: namespace, subresource: subresource)
        return try await submit(
            .patch, path: path, body: try WireCodec.encode(patch.document), contentType: patch.contentType)
    }

    /// Binds a pod to a node, as schedulers do; a conflict when it has one.
    package func bind(_ pod: ObjectKey, to node: String) async throws {
        let path = try Pod.resource.objectPath(pod.name, in: pod.namespace, subresource: "binding")
        let binding: JSONValue = [
            "apiVersion": "v1", "kind": "Binding", "metadata": ["name": .string(pod.name)],
            "target": ["apiVersion": "v1", "kind": "Node", "name": .string(node)],
        ]
        let _: JSONValue = try await submit(.post, path: path, body: try WireCodec.encode(binding))
    }

    package func delete<Object: APIObject>(
        _ type: Object.Type, _ name: String, in namespace: String? = nil, options: DeleteOptions = DeleteOptions()
    ) async throws {
        try await remove(Object.resource, name, in: namespace, options: options)
    }

    private func replace<Object: APIObject>(_ object: Object, subresource: String?) async throws -> Object {
        let path = try Object.resource.objectPath(
            object.key.name, in: object.metadata.namespace, subresource: subresource)
        return try await submit(.put, path: path, body: try WireCodec.encode(WireObject(object)))
    }
}
