package import NetworkTypes

/// What clients connect to: a port that stands for a service, at an address of the service's own or at every node's.
package struct ServiceFrontend: Hashable, Sendable, Comparable, CustomStringConvertible {
    package enum Place: Hashable, Sendable, Comparable {
        /// Of the cluster, or from outside.
        case address(IPAddress)
        /// An address from outside as pods and nodes ask for it, where they are led elsewhere than others.
        case inside(IPAddress)
        /// Every address of every node, of a family: a node port.
        case nodes(IPAddress.Family)

        private var rank: Int {
            switch self {
            case .address: 0
            case .inside: 1
            case .nodes: 2
            }
        }

        package static func < (left: Self, right: Self) -> Bool {
            switch (left, right) {
            case (.address(let left), .address(let right)), (.inside(let left), .inside(let right)): left < right
            case (.nodes(let left), .nodes(let right)): left.rawValue < right.rawValue
            default: left.rank < right.rank
            }
        }
    }

    package let place: Place
    package let transport: TransportProtocol
    package let port: UInt16

    package init(_ address: IPAddress, _ transport: TransportProtocol, _ port: UInt16) {
        self.init(.address(address), transport, port)
    }

    package init(_ place: Place, _ transport: TransportProtocol, _ port: UInt16) {
        self.place = place
        self.transport = transport
        self.port = port
    }

    package var family: IPAddress.Family {
        switch place {
        case .address(let address), .inside(let address): address.family
        case .nodes(let family): family
        }
    }

    package var description: String {
        let host =
            switch place {
            case .address(let address): address.bracketed
            case .inside(let address): "\(address.bracketed) (from inside)"
            case .nodes(let family): "nodes' IPv\(family.rawValue)"
            }
        return "\(host):\(port)/\(transport.rawValue)"
    }

    package static func < (left: Self, right: Self) -> Bool {
        (left.place, left.transport, left.port) < (right.place, right.transport, right.port)
    }
}
