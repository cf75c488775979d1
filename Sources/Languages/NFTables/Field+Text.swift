import NetworkTypes

extension Field {
    /// As nft reads it.
    var text: String {
        switch self {
        case .inputInterface: "iifname"
        case .outputInterface: "oifname"
        case .sourceAddress(let family): family == .v4 ? "ip saddr" : "ip6 saddr"
        case .destinationAddress(let family): family == .v4 ? "ip daddr" : "ip6 daddr"
        case .etherSource: "ether saddr"
        case .etherDestination: "ether daddr"
        case .arpSenderAddress: "arp saddr ip"
        case .arpSenderEther: "arp saddr ether"
        case .arpTargetAddress: "arp daddr ip"
        case .layer4Protocol: "meta l4proto"
        case .sourcePort: "th sport"
        case .destinationPort: "th dport"
        case .mark: "meta mark"
        case .conntrackMark: "ct mark"
        case .originalDestination(let family): family == .v4 ? "ct original ip daddr" : "ct original ip6 daddr"
        case .originalDestinationPort: "ct original proto-dst"
        case .originalSource(let family): family == .v4 ? "ct original ip saddr" : "ct original ip6 saddr"
        }
    }
}

extension [Field] {
    /// The concatenation, as in `meta l4proto . th dport`.
    var text: String { map(\.text).joined(separator: " . ") }
}
