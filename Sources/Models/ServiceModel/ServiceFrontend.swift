package import NetworkTypes

/// What clients connect to: a port of an address that stands for a service.
package struct ServiceFrontend: Hashable, Sendable, Comparable, CustomStringConvertible {
    package let address: IPAddress
    package let transport: TransportProtocol
    package let port: UInt16

    package init(_ address: IPAddress, _ transport: TransportProtocol, _ port: UInt16) {
        self.address = address
        self.transport = transport
        self.port = port
    }

    package var description: String {
        let host = address.family == .v6 ? "[\(address)]" : "\(address)"
        return "\(host):\(port)/\(transport.rawValue)"
    }

    package static func < (left: Self, right: Self) -> Bool {
        (left.address, left.transport, left.port) < (right.address, right.transport, right.port)
    }
}

/// What answers behind a frontend: a port of a pod, or of somebody outside.
package struct ServiceBackend: Hashable, Sendable, Comparable, CustomStringConvertible {
    package let address: IPAddress
    package let port: UInt16

    package init(_ address: IPAddress, _ port: UInt16) {
        self.address = address
        self.port = port
    }

    package var description: String {
        address.family == .v6 ? "[\(address)]:\(port)" : "\(address):\(port)"
    }

    package static func < (left: Self, right: Self) -> Bool {
        (left.address, left.port) < (right.address, right.port)
    }
}
