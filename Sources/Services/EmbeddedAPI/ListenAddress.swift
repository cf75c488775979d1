import NIOCore
package import NetworkTypes

/// `127.0.0.1:6443`, `[::1]:6443` or `localhost:0`; port 0 takes any free one.
package struct ListenAddress: Hashable, Sendable, CustomStringConvertible {
    package let host: String
    package let port: UInt16

    package init(host: String, port: UInt16) {
        self.host = host
        self.port = port
    }

    /// Throws `SecurityError.badAddress` for text of another form.
    package init(_ text: String) throws {
        guard let colon = text.lastIndex(of: ":"), let port = UInt16(text[text.index(after: colon)...]) else {
            throw SecurityError.badAddress(text)
        }
        var host = text[..<colon]
        if host.first == "[", host.last == "]" {
            host = host.dropFirst().dropLast()
        } else if host.contains(":") {
            throw SecurityError.badAddress(text)
        }
        guard !host.isEmpty else { throw SecurityError.badAddress(text) }
        self.init(host: String(host), port: port)
    }

    package var description: String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }

    /// The host as an address; nil for a name.
    package var address: IPAddress? { IPAddress(host) }

    /// What a certificate for these listeners must name: their hosts, localhost, and for the unspecified address every
    /// address of this machine.
    static func subjects(of listeners: [ListenAddress]) throws -> (names: [String], addresses: [IPAddress]) {
        var names: Set<String> = ["localhost"]
        var addresses = Set(["127.0.0.1", "::1"].compactMap { IPAddress($0) })
        for listener in listeners {
            guard let address = listener.address else {
                names.insert(listener.host)
                continue
            }
            if !address.isUnspecified { addresses.insert(address) }
            guard address.isUnspecified else { continue }
            for device in try System.enumerateDevices() {
                if let text = device.address?.ipAddress, let own = IPAddress(text), !own.isLinkLocal {
                    addresses.insert(own)
                }
            }
        }
        return (names.sorted(), addresses.sorted())
    }

    /// The URL by which a client on this machine reaches the listener.
    var url: String {
        guard let address, address.isUnspecified else { return "https://\(self)" }
        return "https://\(ListenAddress(host: address.family == .v4 ? "127.0.0.1" : "::1", port: port))"
    }
}
