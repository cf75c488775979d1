import HTTPTypes
import HummingbirdCore
package import Logging
import NIOCore
import NIOPosix
import NetworkTypes
import ServiceLifecycle

/// `GET /metrics`, and `GET /ready` for who must know whether there is something to answer.
package struct MetricsListener: Sendable {
    private let isReady: @Sendable () -> Bool
    private let metrics: @Sendable () -> String
    private let logger: Logger

    /// - Parameter metrics: in the Prometheus text format, now.
    package init(
        isReady: @escaping @Sendable () -> Bool, logger: Logger, metrics: @escaping @Sendable () -> String
    ) {
        self.isReady = isReady
        self.metrics = metrics
        self.logger = logger
    }

    /// Until graceful shutdown or cancellation.
    package func run(at place: DNSPlace) async throws {
        let server = try HTTPServerBuilder.http1().buildServer(
            configuration: ServerConfiguration(
                address: .hostname(place.address.description, port: Int(place.port)),
                availableConnectionsDelegate: MaximumAvailableConnections(64)),
            eventLoopGroup: MultiThreadedEventLoopGroup.singleton, logger: logger,
            responder: { request, writer, _ in
                let (status, text) = answer(request)
                let body = ByteBuffer(string: text)
                let head = HTTPResponse(
                    status: status,
                    headerFields: [.contentType: "text/plain; version=0.0.4", .contentLength: "\(body.readableBytes)"])
                try await writer.write(response: head, body: ResponseBody(byteBuffer: body))
            })
        try await server.run()
    }

    private func answer(_ request: Request) -> (HTTPResponse.Status, String) {
        switch (request.method, request.uri.path) {
        case (.get, "/metrics"): (.ok, metrics())
        case (.get, "/ready") where isReady(): (.ok, "all has been read\n")
        case (.get, "/ready"): (.serviceUnavailable, "not all has been read\n")
        default: (.notFound, "there is nothing at \(request.uri.path)\n")
        }
    }
}
