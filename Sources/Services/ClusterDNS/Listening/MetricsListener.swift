import HTTPTypes
import HummingbirdCore
import Logging
import NIOCore
import NIOPosix
import NetworkTypes
import ServiceLifecycle

/// `GET /metrics`, and `GET /ready` for who must know whether the zone has been read.
struct MetricsListener {
    let store: ZoneStore
    let counters: DNSCounters
    let logger: Logger

    /// Until graceful shutdown or cancellation.
    func run(at place: DNSPlace) async throws {
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
        case (.get, "/metrics"): (.ok, counters.text(isComplete: store.isComplete, serial: store.serial))
        case (.get, "/ready") where store.isComplete: (.ok, "the zone has been read\n")
        case (.get, "/ready"): (.serviceUnavailable, "the zone has not been read\n")
        default: (.notFound, "there is nothing at \(request.uri.path)\n")
        }
    }
}
