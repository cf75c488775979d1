import EnvoyDriver
import HTTPTypes
import HummingbirdCore
import Logging
import NIOCore
import NIOPosix
package import NetworkTypes
import ServiceLifecycle

/// Where metrics are shown.
package struct GatewayMetricsPlace: Hashable, Sendable {
    package let address: IPAddress
    package let port: UInt16

    package init(_ address: IPAddress, port: UInt16) {
        self.address = address
        self.port = port
    }
}

/// `GET /metrics`, and `GET /ready` for who must know whether the gateway is served.
struct GatewayMetricsListener {
    let agent: GatewayAgent

    /// Until graceful shutdown or cancellation.
    func run(at place: GatewayMetricsPlace) async throws {
        let agent = agent
        let server = try HTTPServerBuilder.http1().buildServer(
            configuration: ServerConfiguration(
                address: .hostname(place.address.description, port: Int(place.port)),
                availableConnectionsDelegate: MaximumAvailableConnections(64)),
            eventLoopGroup: MultiThreadedEventLoopGroup.singleton, logger: agent.logger,
            responder: { request, writer, _ in
                let (status, text) = await Self.answer(request.method, request.uri.path, agent)
                let body = ByteBuffer(string: text)
                let head = HTTPResponse(
                    status: status,
                    headerFields: [.contentType: "text/plain; version=0.0.4", .contentLength: "\(body.readableBytes)"])
                try await writer.write(response: head, body: ResponseBody(byteBuffer: body))
            })
        try await server.run()
    }

    private static func answer(
        _ method: HTTPRequest.Method, _ path: String, _ agent: GatewayAgent
    ) async -> (HTTPResponse.Status, String) {
        switch (method, path) {
        case (.get, "/metrics"): return (.ok, await agent.metricsText())
        case (.get, "/ready"):
            let isReady = await agent.isReady
            return isReady
                ? (.ok, "the gateway is served as it is written\n")
                : (.serviceUnavailable, "the gateway is not served as it is written\n")
        default: return (.notFound, "there is nothing at \(path)\n")
        }
    }
}

extension GatewayAgent {
    var isReady: Bool { problem == nil && readySince != nil && envoy.isRunning }

    /// The Prometheus text format.
    func metricsText() async -> String {
        let counters = (try? await envoy.counters(matching: "^(tcp|udp|http)\\.")) ?? [:]
        return GatewayMetrics(counters: counters, isReady: isReady, restarts: restarts).text
    }
}

/// Envoy's counters, by ports.
struct GatewayMetrics {
    let counters: [String: UInt64]
    let isReady: Bool
    let restarts: Int

    private struct Family {
        let name: String
        let kind: String
        /// What Envoy calls it, after the name of the listener.
        let sources: [String: String]
    }

    private static let families = [
        Family(
            name: "connections_total", kind: "counter",
            sources: ["tcp": "downstream_cx_total", "udp": "downstream_sess_total", "http": "downstream_cx_total"]),
        Family(
            name: "connections", kind: "gauge",
            sources: ["udp": "downstream_sess_active", "http": "downstream_cx_active"]),
        Family(
            name: "received_bytes_total", kind: "counter",
            sources: [
                "tcp": "downstream_cx_rx_bytes_total", "udp": "downstream_sess_rx_bytes",
                "http": "downstream_cx_rx_bytes_total",
            ]),
        Family(
            name: "sent_bytes_total", kind: "counter",
            sources: [
                "tcp": "downstream_cx_tx_bytes_total", "udp": "downstream_sess_tx_bytes",
                "http": "downstream_cx_tx_bytes_total",
            ]),
        Family(name: "connect_denied_total", kind: "counter", sources: ["http": "rbac.denied"]),
    ]

    var text: String {
        var lines = ["# TYPE gabion_gateway_ready gauge", "gabion_gateway_ready \(isReady ? 1 : 0)"]
        lines += ["# TYPE gabion_gateway_restarts_total counter", "gabion_gateway_restarts_total \(restarts)"]
        for family in Self.families {
            let name = "gabion_gateway_\(family.name)"
            lines.append("# TYPE \(name) \(family.kind)")
            lines += counters.sorted { $0.key < $1.key }.compactMap { counter, value in
                let parts = counter.split(separator: ".", maxSplits: 2).map(String.init)
                guard parts.count == 3, family.sources[parts[0]] == parts[2] else { return nil }
                let ends = parts[1].split(separator: "-")
                guard ends.count == 2, let port = UInt16(ends[1]) else { return nil }
                return "\(name){port=\"\(port)\",protocol=\"\(ends[0].uppercased())\"} \(value)"
            }
        }
        return lines.map { $0 + "\n" }.joined()
    }
}
