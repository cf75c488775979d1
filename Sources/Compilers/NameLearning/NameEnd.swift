import NetworkTypes

/// An address and a port.
struct NameEnd: Hashable, Sendable {
    let address: IPAddress
    let port: UInt16
}
