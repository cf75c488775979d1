import NIOCore
package import NetworkTypes

/// Where a server of names is: an address and a port.
package struct DNSPlace: Hashable, Sendable, CustomStringConvertible {
    package static let standardPort: UInt16 = 53

    package let address: IPAddress
    package let port: UInt16

    package init(_ address: IPAddress, port: UInt16 = Self.standardPort) {
        self.address = address
        self.port = port
    }

    /// Reads `10.0.0.1`, `10.0.0.1:53`, `fd00::1` and `[fd00::1]:53`; nil for everything else.
    package init?(_ text: some StringProtocol) {
        let text = String(text)
        if let address = IPAddress(text) {
            self.init(address)
            return
        }
        guard let colon = text.lastIndex(of: ":"), let port = UInt16(text[text.index(after: colon)...]) else {
            return nil
        }
        let host = text[..<colon]
        let isBracketed = host.first == "[" && host.last == "]"
        guard let address = IPAddress(isBracketed ? host.dropFirst().dropLast() : host),
            isBracketed == (address.family == .v6)
        else { return nil }
        self.init(address, port: port)
    }

    package var description: String { "\(address.bracketed):\(port)" }

    var socketAddress: SocketAddress {
        get throws { try SocketAddress(ipAddress: address.description, port: Int(port)) }
    }
}

extension SocketAddress {
    /// Nil for what is no IP address; an IPv4 address in IPv6's clothes is one of IPv4.
    var address: IPAddress? {
        guard let address = ipAddress.flatMap({ IPAddress($0) }) else { return nil }
        guard address.family == .v6, address.bits >> 32 == 0xFFFF else { return address }
        return IPAddress(family: .v4, bits: address.bits)
    }
}
