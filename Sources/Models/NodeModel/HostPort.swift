package import NetworkTypes

/// A port of this node's addresses that leads to a pod, as its runtime asked with CNI ADD (`portMappings`).
package struct HostPort: Hashable, Sendable, Codable {
    package var hostPort: UInt16
    /// The pod's.
    package var port: UInt16
    package var transport: TransportProtocol
    /// The one address of the node; nil for all of them.
    package var address: IPAddress?

    package init(
        _ hostPort: UInt16, to port: UInt16, _ transport: TransportProtocol = .tcp, at address: IPAddress? = nil
    ) {
        self.hostPort = hostPort
        self.port = port
        self.transport = transport
        self.address = address
    }
}
