package import NetworkTypes

extension LinkState {
    /// An address of an interface.
    ///
    /// IPv6 addresses are used at once, without duplicate address detection.
    package struct Address: Hashable, Sendable, CustomStringConvertible {
        package var device: String
        package var address: IPAddress
        package var prefixLength: Int

        /// `prefixLength` nil is the address alone: /32 or /128.
        package init(_ address: IPAddress, prefixLength: Int? = nil, device: String) {
            self.device = device
            self.address = address
            self.prefixLength = prefixLength ?? address.family.bitWidth
        }

        package var description: String { "\(address)/\(prefixLength) dev \(device)" }
    }

    /// Who has an address on a link, written by us for good (NUD_PERMANENT).
    package struct Neighbour: Hashable, Sendable, CustomStringConvertible {
        package var device: String
        package var address: IPAddress
        package var mac: MACAddress

        package init(_ address: IPAddress, mac: MACAddress, device: String) {
            self.device = device
            self.address = address
            self.mac = mac
        }

        package var description: String { "\(address) lladdr \(mac) dev \(device)" }
    }

    /// Where a VXLAN sends frames for a MAC address.
    ///
    /// Several entries with the zero MAC address are all used, for frames without an entry of their own.
    package struct ForwardingEntry: Hashable, Sendable, CustomStringConvertible {
        package var device: String
        package var mac: MACAddress
        /// The other node's outer address.
        package var destination: IPAddress

        package init(_ mac: MACAddress, destination: IPAddress, device: String) {
            self.device = device
            self.mac = mac
            self.destination = destination
        }

        package var description: String { "\(mac) dst \(destination) dev \(device)" }
    }
}
