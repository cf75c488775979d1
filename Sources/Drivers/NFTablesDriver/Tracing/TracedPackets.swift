package import NetworkTypes

/// Which packets are traced: first packets of connections from one end to the other.
package struct TracedPackets: Hashable, Sendable {
    /// Nil for any.
    package var source: IPAddress?
    package var destination: IPAddress
    package var transport: TransportProtocol
    /// Nil for any; of no account for ICMP.
    package var sourcePort: UInt16?
    /// Of no account for ICMP, where echo requests are traced.
    package var port: UInt16

    package init(
        from source: IPAddress?, to destination: IPAddress, _ transport: TransportProtocol, sourcePort: UInt16? = nil,
        port: UInt16
    ) {
        self.source = source
        self.destination = destination
        self.transport = transport
        self.sourcePort = sourcePort
        self.port = port
    }
}
