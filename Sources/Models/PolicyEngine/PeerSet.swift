package import NetworkTypes

/// The identity of a set of peers: its definition, never its members.
///
/// Equal definitions, wherever they are written, are one set; a pod that comes or goes changes members and no id.
package struct PeerSetID: Hashable, Sendable, Comparable, CustomStringConvertible {
    /// What the members are.
    package enum Kind: String, Hashable, Sendable {
        /// Single addresses, of pods or of nodes.
        case addresses = "pods"
        /// Single addresses that a policy names: they never change.
        case hosts
        /// Disjoint networks that a policy names: they never change.
        case networks = "nets"
        /// Single addresses that pods were told of names: they come and go by themselves, and the kernel's are put there by the
        /// process that learns them.
        case names
        /// Address, protocol and port: named ports on the destination side.
        case ports = "ports"
    }

    package let kind: Kind
    /// The canonical text of the definition; unambiguous, so that equal texts mean equal sets.
    package let definition: String

    package init(kind: Kind, definition: String) {
        self.kind = kind
        self.definition = definition
    }

    /// A short name for the kernel: the kind and 16 hexadecimal digits, the same in every process.
    package var name: String { "\(kind.rawValue)-\(definition.stableDigest)" }

    package var description: String { "\(kind.rawValue) \(definition)" }

    package static func < (left: PeerSetID, right: PeerSetID) -> Bool {
        (left.kind.rawValue, left.definition) < (right.kind.rawValue, right.definition)
    }
}

/// A port of one address.
package struct PeerPort: Hashable, Sendable, Comparable, CustomStringConvertible {
    package let address: IPAddress
    package let transport: TransportProtocol
    package let port: UInt16

    package init(address: IPAddress, transport: TransportProtocol, port: UInt16) {
        self.address = address
        self.transport = transport
        self.port = port
    }

    /// `10.0.0.1 TCP 80`.
    package var description: String { "\(address) \(transport.rawValue) \(port)" }

    package static func < (left: PeerPort, right: PeerPort) -> Bool {
        (left.address, left.transport, left.port) < (right.address, right.transport, right.port)
    }
}

/// The elements of a peer set, both families together; the case always agrees with the id's `kind`, that of hosts and names is addresses.
package enum PeerSetMembers: Hashable, Sendable {
    case addresses(Set<IPAddress>)
    /// Disjoint, ascending.
    case networks([CIDR])
    case ports(Set<PeerPort>)

    package var isEmpty: Bool { count == 0 }

    package var count: Int {
        switch self {
        case .addresses(let members): members.count
        case .networks(let members): members.count
        case .ports(let members): members.count
        }
    }
}

/// A peer set with its members, as a compiler receives it.
package struct PeerSet: Hashable, Sendable {
    package let id: PeerSetID
    package let members: PeerSetMembers

    package init(id: PeerSetID, members: PeerSetMembers) {
        self.id = id
        self.members = members
    }
}
