import ClusterAPI
package import NetworkTypes
package import PolicyEngine

/// The least that lets one kind of flow pass at one of its ends.
package struct Grant: Hashable, Sendable, Comparable, CustomStringConvertible {
    /// The other end.
    package enum Peer: Hashable, Sendable {
        case workload(Workload)
        /// A node, or an address outside of the cluster.
        case address(IPAddress)

        var text: String {
            switch self {
            case .workload(let workload): workload.description
            case .address(let address): address.description
            }
        }
    }

    package let workload: Workload
    package let direction: Direction
    package let peer: Peer
    package let port: ServerPort

    package var description: String {
        direction == .ingress ? "\(peer.text) to \(workload), \(port)" : "\(workload) to \(peer.text), \(port)"
    }

    package static func < (left: Grant, right: Grant) -> Bool { left.description < right.description }
}

/// The port of the end that was spoken to, as a NetworkPolicy can name it.
package struct ServerPort: Hashable, Sendable, Comparable, CustomStringConvertible {
    package let transport: TransportProtocol
    package let number: UInt16

    /// Nil for ICMP, which NetworkPolicy cannot name, and for port 0, which is none.
    init?(_ flow: Flow) {
        guard flow.transport.hasPorts, let port = flow.port, port > 0 else { return nil }
        transport = flow.transport
        number = port
    }

    var policyPort: NetworkPolicyPort {
        NetworkPolicyPort(protocol: transport.rawValue, port: .int(Int(number)))
    }

    package var description: String { "\(transport.rawValue) \(number)" }

    package static func < (left: ServerPort, right: ServerPort) -> Bool {
        (left.transport, left.number) < (right.transport, right.number)
    }
}
