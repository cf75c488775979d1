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
        let counters = (try? await envoy.counters(matching: GatewayMetrics.pattern)) ?? [:]
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
        var kind = "counter"
        /// What Envoy calls it, without the port between the first word and the rest; what is named twice is added up.
        let sources: Set<String>
    }

    private static let families = [
        Family(
            name: "connections_total",
            sources: ["tcp.downstream_cx_total", "udp.downstream_sess_total", "http.downstream_cx_total"]),
        Family(
            name: "connections", kind: "gauge", sources: ["udp.downstream_sess_active", "http.downstream_cx_active"]),
        Family(
            name: "received_bytes_total",
            sources: [
                "tcp.downstream_cx_rx_bytes_total", "udp.downstream_sess_rx_bytes",
                "http.downstream_cx_rx_bytes_total",
            ]),
        Family(
            name: "sent_bytes_total",
            sources: [
                "tcp.downstream_cx_tx_bytes_total", "udp.downstream_sess_tx_bytes",
                "http.downstream_cx_tx_bytes_total",
            ]),
        // The destination refused, or its name stands for nothing that may be reached.
        Family(
            name: "failed_total",
            sources: [
                "cluster.upstream_cx_connect_attempts_exceeded", "cluster.upstream_cx_none_healthy",
                "http.downstream_rq_5xx",
            ]),
        Family(name: "connect_denied_total", sources: ["http.rbac.denied"]),
    ]

    /// Of Envoy's counters, those that are told.
    static let pattern = #"^(tcp|udp|http|cluster)\.(tcp|udp)-\d+\.|downstream_global_cx_overflow$"#

    var text: String {
        let overflows = counters.filter { $0.key.hasSuffix(".downstream_global_cx_overflow") }.values.reduce(0, +)
        var lines = Self.lines("ready", "gauge", [("", isReady ? 1 : 0)])
        lines += Self.lines("restarts_total", "counter", [("", UInt64(restarts))])
        lines += Self.lines("refused_total", "counter", [("", overflows)])
        for family in Self.families { lines += Self.lines(family.name, family.kind, values(of: family)) }
        return lines.map { $0 + "\n" }.joined()
    }

    private func values(of family: Family) -> [(labels: String, value: UInt64)] {
        var values: [String: UInt64] = [:]
        for (counter, value) in counters {
            let parts = counter.split(separator: ".", maxSplits: 2)
            guard parts.count == 3, family.sources.contains("\(parts[0]).\(parts[2])") else { continue }
            let ends = parts[1].split(separator: "-")
            guard ends.count == 2, let port = UInt16(ends[1]) else { continue }
            values["{port=\"\(port)\",protocol=\"\(ends[0].uppercased())\"}", default: 0] += value
        }
        return values.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    }

    private static func lines(_ name: String, _ kind: String, _ values: [(labels: String, value: UInt64)]) -> [String] {
        ["# TYPE gabion_gateway_\(name) \(kind)"] + values.map { "gabion_gateway_\(name)\($0.labels) \($0.value)" }
    }
}
