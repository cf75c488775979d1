package import LinuxSystem
package import NetworkTypes

/// One question to the real network, whether a packet from here arrives there.
package struct Probe: Hashable, Sendable {
    /// The namespace that the packet starts in.
    package var source: NamespaceReference
    /// The address to send from; nil lets the kernel choose.
    package var sourceAddress: IPAddress?
    /// The port to send from, for TCP and UDP with a source address; 0 lets the kernel choose.
    package var sourcePort: UInt16 = 0
    package var destination: IPAddress
    package var transport: TransportProtocol
    /// Ignored for ICMP.
    package var port: UInt16

    package init(
        from source: NamespaceReference, address sourceAddress: IPAddress? = nil, to destination: IPAddress,
        _ transport: TransportProtocol, port: UInt16 = 0
    ) {
        self.source = source
        self.sourceAddress = sourceAddress
        self.destination = destination
        self.transport = transport
        self.port = port
    }
}

/// What was observed.
///
/// A refusal by the target's own kernel (RST, ICMP port unreachable, SCTP ABORT) means that the packet arrived:
/// `reached`.
package enum ProbeOutcome: Hashable, Sendable, CustomStringConvertible {
    case reached(Evidence)
    /// Silence within the timeout, over all attempts.
    case silent
    /// The network or the own kernel said no: unreachable, or not permitted.
    case refused(String)

    package enum Evidence: String, Hashable, Sendable {
        case connected
        case reset
        case replied
        case portUnreachable = "port unreachable"
        case aborted
    }

    package var isReached: Bool {
        if case .reached = self { true } else { false }
    }

    package var description: String {
        switch self {
        case .reached(let evidence): "reached (\(evidence.rawValue))"
        case .silent: "silent"
        case .refused(let reason): "refused (\(reason))"
        }
    }
}
