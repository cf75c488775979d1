package import NetworkTypes

/// A port that a pod answers on, as `tcp/8080` on the responder's command line.
package struct ListenPort: Hashable, Sendable, Comparable, CustomStringConvertible {
    package let transport: TransportProtocol
    package let port: UInt16

    package init(_ transport: TransportProtocol, _ port: UInt16) {
        self.transport = transport
        self.port = port
    }

    /// Parses `protocol/port`; nil for protocols without ports and ports outside 1…65535.
    package init?(_ text: some StringProtocol) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2, let transport = TransportProtocol(parsing: parts[0]), transport.hasPorts,
            let port = UInt16(parts[1]), port > 0
        else { return nil }
        self.init(transport, port)
    }

    package var description: String { "\(transport.rawValue.lowercased())/\(port)" }

    package static func < (left: ListenPort, right: ListenPort) -> Bool {
        (left.transport, left.port) < (right.transport, right.port)
    }
}
