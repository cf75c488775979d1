package import ClusterAPI

extension KubernetesClient {
    /// Says what fields of an object are to be, as their manager; fields that this manager no longer names go.
    ///
    /// The object is made when there is none.
    ///
    /// - Parameters:
    ///   - isForced: takes fields that other managers have said something else about; otherwise that is a conflict.
    ///   - isTrial: the server judges it, and changes nothing.
    @discardableResult
    package func apply(
        _ object: JSONValue, as manager: String, isForced: Bool = false, isTrial: Bool = false
    ) async throws -> JSONValue {
        let resource = try await resource(of: object)
        let metadata = object["metadata"]
        let path = try resource.objectPath(
            metadata?["name"]?.string ?? "", in: metadata?["namespace"]?.string)
        var request = APIRequest(
            method: .patch, path: path, query: [QueryItem("fieldManager", manager)],
            contentType: "application/apply-patch+yaml", body: try WireCodec.encode(object))
        if isForced { request.query.append(QueryItem("force", "true")) }
        if isTrial { request.query.append(QueryItem("dryRun", "All")) }
        return try WireCodec.decode(JSONValue.self, from: try await send(request), of: request)
    }
}
