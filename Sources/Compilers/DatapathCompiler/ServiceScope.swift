import NFTables
import NetworkTypes
import ServiceModel

/// By what a frontend is known: each has maps and chains of its own.
enum ServiceScope: CaseIterable {
    /// The address is the service's.
    case address
    /// The address is the service's, and pods and the node's own processes are led elsewhere than others.
    case inside
    /// The address is any node's; the port is the service's.
    case nodePort

    init(_ place: ServiceFrontend.Place) {
        switch place {
        case .address: self = .address
        case .inside: self = .inside
        case .nodes: self = .nodePort
        }
    }

    /// What of a packet says which frontend it is for.
    func key(_ family: IPAddress.Family) -> [Field] {
        switch self {
        case .address, .inside: [.destinationAddress(family), .layer4Protocol, .destinationPort]
        case .nodePort: [.layer4Protocol, .destinationPort]
        }
    }

    /// What the names of its maps begin with.
    var prefix: String {
        switch self {
        case .address: ""
        case .inside: "inside_"
        case .nodePort: "node_port_"
        }
    }

    /// What stands in the names of its chains.
    var infix: String {
        switch self {
        case .address: ""
        case .inside: "inside-"
        case .nodePort: "node-port-"
        }
    }
}
