package import NetworkTypes

/// What answers behind a frontend: a port of a pod, or of somebody outside.
package struct ServiceBackend: Hashable, Sendable, Comparable, CustomStringConvertible {
    package let address: IPAddress
    package let port: UInt16

    package init(_ address: IPAddress, _ port: UInt16) {
        self.address = address
        self.port = port
    }

    package var description: String { "\(address.bracketed):\(port)" }

    package static func < (left: Self, right: Self) -> Bool {
        (left.address, left.port) < (right.address, right.port)
    }
}
