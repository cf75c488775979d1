import AsyncHTTPClient
package import ClusterAPI
import NIOCore

/// One watch request: events until the server ends it.
///
/// Connects when the first event is asked for; does not reconnect.
package struct WatchEvents<Object: Decodable & Sendable>: AsyncSequence, Sendable {
    let client: KubernetesClient
    let request: APIRequest

    package struct Iterator: AsyncIteratorProtocol {
        fileprivate let client: KubernetesClient
        fileprivate let request: APIRequest
        private var body: HTTPClientResponse.Body.AsyncIterator?
        private var lines = LineSplitter()

        fileprivate init(client: KubernetesClient, request: APIRequest) {
            self.client = client
            self.request = request
        }

        /// Sends the request unless that is done; returns when the server has accepted it.
        mutating func connect(isolation actor: isolated (any Actor)?) async throws {
            guard body == nil else { return }
            body = try await client.open(request).body.makeAsyncIterator()
        }

        package mutating func next() async throws -> WatchEvent<Object>? {
            try await next(isolation: #isolation)
        }

        package mutating func next(
            isolation actor: isolated (any Actor)?
        ) async throws -> WatchEvent<Object>? {
            try await connect(isolation: actor)
            while true {
                do {
                    if let line = try lines.next() {
                        if line.readableBytes == 0 { continue }
                        return try WireCodec.decode(WatchEvent<Object>.self, from: line, of: request)
                    }
                    guard let chunk = try await body?.next(isolation: actor) else { return nil }
                    lines.append(chunk)
                } catch let error as LineSplitter.LineTooLong {
                    throw KubernetesError.unreadable(method: "GET", path: request.path, reason: "\(error)")
                } catch {
                    throw client.transportError(error, request)
                }
            }
        }
    }

    package func makeAsyncIterator() -> Iterator { Iterator(client: client, request: request) }
}

extension KubernetesClient {
    /// Watches from a resource version, as a list returned it.
    ///
    /// `timeout` is how long the server keeps the watch open.
    package func watch<Object: APIObject>(
        _ type: Object.Type, in namespace: String? = nil, from resourceVersion: String,
        options: ListOptions = ListOptions(), timeout: Duration = .seconds(300)
    ) -> WatchEvents<Object> {
        watchEvents(Object.resource, in: namespace, from: resourceVersion, options: options, timeout: timeout)
    }

    package func watch(
        _ resource: ResourceType, in namespace: String? = nil, from resourceVersion: String,
        options: ListOptions = ListOptions(), timeout: Duration = .seconds(300)
    ) -> WatchEvents<JSONValue> {
        watchEvents(resource, in: namespace, from: resourceVersion, options: options, timeout: timeout)
    }

    func watchEvents<Object: Decodable & Sendable>(
        _ resource: ResourceType, in namespace: String?, from resourceVersion: String, options: ListOptions,
        timeout: Duration
    ) -> WatchEvents<Object> {
        var request = APIRequest(method: .get, path: resource.path(namespace: namespace), query: options.selectors)
        request.query += [
            QueryItem("watch", "true"), QueryItem("allowWatchBookmarks", "true"),
            QueryItem("resourceVersion", resourceVersion),
            QueryItem("timeoutSeconds", String(max(1, timeout.components.seconds))),
        ]
        return WatchEvents(client: self, request: request)
    }
}
