package import NetworkTypes

/// A property of a packet that is compared with a value, looked up in a set, or a part of a map's key.
package enum Field: Hashable, Sendable {
    case inputInterface
    case outputInterface
    /// `ip saddr` or `ip6 saddr`.
    case sourceAddress(IPAddress.Family)
    case destinationAddress(IPAddress.Family)
    case etherSource
    case etherDestination
    case arpSenderAddress
    case arpSenderEther
    case arpTargetAddress
    /// The protocol above IP, behind IPv6 extension headers.
    case layer4Protocol
    /// The ports of TCP, UDP or SCTP; the protocol must have been matched before or be a part of the key.
    case sourcePort
    case destinationPort
    case mark
    case conntrackMark
    /// The destination before translation: `ct original ip daddr`.
    case originalDestination(IPAddress.Family)
    /// The source before translation.
    case originalSource(IPAddress.Family)
    /// The destination's port before translation; the protocol must have been matched before.
    case originalDestinationPort

    /// The type of a set that this can be looked up in.
    package var type: DataType {
        switch self {
        case .inputInterface, .outputInterface: .interfaceName
        case .sourceAddress(let family), .destinationAddress(let family), .originalDestination(let family),
            .originalSource(let family):
            .address(family)
        case .etherSource, .etherDestination, .arpSenderEther: .etherAddress
        case .arpSenderAddress, .arpTargetAddress: .ipv4Address
        case .layer4Protocol: .inetProtocol
        case .sourcePort, .destinationPort, .originalDestinationPort: .inetService
        case .mark, .conntrackMark: .mark
        }
    }
}
