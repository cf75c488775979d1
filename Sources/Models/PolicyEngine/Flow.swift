package import ClusterAPI
package import NetworkTypes

/// A question: whether this connection (or datagram) may be opened.
package struct Flow: Hashable, Sendable {
    package var from: Party
    package var to: Party
    package var transport: TransportProtocol
    /// The destination port; nil for ICMP.
    package var port: UInt16?

    package init(from: Party, to: Party, transport: TransportProtocol, port: UInt16?) {
        self.from = from
        self.to = to
        self.transport = transport
        self.port = port
    }
}

/// One end of a flow: a pod by name, or an address, whoever it belongs to.
package enum Party: Hashable, Sendable, CustomStringConvertible {
    case pod(ObjectKey)
    case address(IPAddress)

    package var description: String {
        switch self {
        case .pod(let key): key.description
        case .address(let address): address.description
        }
    }
}
