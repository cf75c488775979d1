package import NetworkTypes

/// The type of a set key, of one part of a concatenated key, or of a map's data.
package enum DataType: String, Hashable, Sendable, CaseIterable {
    case ipv4Address = "ipv4_addr"
    case ipv6Address = "ipv6_addr"
    case etherAddress = "ether_addr"
    case inetProtocol = "inet_proto"
    case inetService = "inet_service"
    case interfaceName = "ifname"
    case mark = "mark"

    /// The type of addresses of a family.
    package static func address(_ family: IPAddress.Family) -> DataType {
        family == .v4 ? .ipv4Address : .ipv6Address
    }

    /// The number of bytes of a value in the kernel.
    package var byteCount: Int {
        switch self {
        case .ipv4Address, .mark: 4
        case .ipv6Address, .interfaceName: 16
        case .etherAddress: 6
        case .inetProtocol: 1
        case .inetService: 2
        }
    }
}
