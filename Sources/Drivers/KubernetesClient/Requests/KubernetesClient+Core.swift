import ClusterAPI
import FoundationEssentials
import Logging
import NIOCore

/// The requests, once for typed and untyped objects.
extension KubernetesClient {
    func fetch<Object: Decodable>(
        _ resource: ResourceType, _ name: String, in namespace: String?, subresource: String? = nil
    ) async throws -> Object {
        let path = try resource.objectPath(name, in: namespace, subresource: subresource)
        let request = APIRequest(method: .get, path: path)
        return try WireCodec.decode(Object.self, from: try await send(request), of: request)
    }

    func submit<Object: Decodable>(
        _ method: APIRequest.Method, path: String, body: [UInt8], contentType: String = "application/json"
    ) async throws -> Object {
        let request = APIRequest(method: method, path: path, contentType: contentType, body: body)
        return try WireCodec.decode(Object.self, from: try await send(request), of: request)
    }

    func remove(_ resource: ResourceType, _ name: String, in namespace: String?, options: DeleteOptions) async throws {
        let path = try resource.objectPath(name, in: namespace)
        let body = try WireCodec.encode(options)
        _ = try await send(
            APIRequest(method: .delete, path: path, contentType: "application/json", body: body))
    }

    /// All pages.
    ///
    /// When the continue token expires on the way, the list starts again, in one piece.
    func collect<Object: Decodable & Sendable>(
        _ resource: ResourceType, in namespace: String?, options: ListOptions
    ) async throws -> ObjectList<Object> {
        var page: ObjectList<Object> = try await fetchPage(resource, in: namespace, options: options)
        var all = page
        while let token = page.continueToken {
            do {
                page = try await fetchPage(resource, in: namespace, options: options, after: token)
            } catch let error where error.apiFailure?.isGone == true {
                var whole = options
                whole.pageSize = 0
                return try await fetchPage(resource, in: namespace, options: whole)
            }
            all.items += page.items
            all.unreadable += page.unreadable
        }
        all.continueToken = nil
        return all
    }

    /// The whole collection from the first of the versions that the server has, and that version.
    func collect<Object: Decodable & Sendable>(
        _ versions: [ResourceType], in namespace: String?, options: ListOptions
    ) async throws -> (ObjectList<Object>, ResourceType) {
        for version in versions.dropLast() {
            do {
                return (try await collect(version, in: namespace, options: options), version)
            } catch let error where error.apiFailure?.isNotFound == true {
                logger.debug("not served, asking for an older version", metadata: ["kind": "\(version.kind)"])
            }
        }
        let oldest = versions[versions.count - 1]
        return (try await collect(oldest, in: namespace, options: options), oldest)
    }

    private func fetchPage<Object: Decodable & Sendable>(
        _ resource: ResourceType, in namespace: String?, options: ListOptions, after token: String? = nil
    ) async throws -> ObjectList<Object> {
        var request = APIRequest(method: .get, path: resource.path(namespace: namespace), query: options.selectors)
        if options.pageSize > 0 { request.query.append(QueryItem("limit", String(options.pageSize))) }
        if let token { request.query.append(QueryItem("continue", token)) }
        let wire = try WireCodec.decode(WireList<Object>.self, from: try await send(request), of: request)
        guard let version = wire.metadata?.resourceVersion else {
            throw KubernetesError.unreadable(
                method: "GET", path: request.path, reason: "metadata.resourceVersion: missing")
        }
        let next = (wire.metadata?.continue).flatMap { $0.isEmpty ? nil : $0 }
        var page = ObjectList<Object>(items: [], resourceVersion: version, continueToken: next)
        page.items.reserveCapacity(wire.items?.count ?? 0)
        for item in wire.items ?? [] {
            switch item {
            case .object(let object): page.items.append(object)
            case .unreadable(let object): page.unreadable.append(object)
            }
        }
        return page
    }
}

extension ResourceType {
    /// The path of one object; an error when a name, or the namespace of a namespaced kind, is missing.
    func objectPath(_ name: String, in namespace: String?, subresource: String? = nil) throws -> String {
        guard !name.isEmpty else {
            throw KubernetesError.unsendable("\(kind)", reason: "it has no name; set metadata.name")
        }
        _ = try collectionPath(in: namespace, naming: name)
        let path = path(namespace: namespace, name: name)
        return subresource.map { "\(path)/\($0)" } ?? path
    }

    /// The path of the collection that one object lives in.
    func collectionPath(in namespace: String?, naming name: String) throws -> String {
        guard !isNamespaced || !(namespace ?? "").isEmpty else {
            throw KubernetesError.unsendable(
                "\(kind) \(name)", reason: "it has no namespace; set metadata.namespace or name one")
        }
        return path(namespace: namespace)
    }
}
