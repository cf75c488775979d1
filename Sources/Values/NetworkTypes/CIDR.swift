/// A network: an address and the number of leading bits that matter.
///
/// Host bits are always zero.
package struct CIDR: Hashable, Sendable {
    /// The first address of the network.
    package let address: IPAddress
    /// 0…32 for IPv4, 0…128 for IPv6.
    package let prefixLength: Int

    /// Clears the host bits; nil if `prefixLength` is not within the family's width.
    package init?(_ address: IPAddress, prefixLength: Int) {
        guard (0...address.family.bitWidth).contains(prefixLength) else { return nil }
        self.address = IPAddress(
            family: address.family, bits: address.bits & ~Self.hostMask(address.family, prefixLength))
        self.prefixLength = prefixLength
    }

    /// The network of exactly one address: /32 or /128.
    package init(host address: IPAddress) {
        self.address = address
        prefixLength = address.family.bitWidth
    }

    /// All addresses of a family: 0.0.0.0/0 or ::/0.
    package static func everything(_ family: IPAddress.Family) -> CIDR {
        CIDR(unchecked: IPAddress(family: family, bits: 0), prefixLength: 0)
    }

    private init(unchecked address: IPAddress, prefixLength: Int) {
        self.address = address
        self.prefixLength = prefixLength
    }

    package var family: IPAddress.Family { address.family }

    /// The last address of the network (the broadcast address of an IPv4 subnet).
    package var lastAddress: IPAddress {
        IPAddress(family: family, bits: address.bits | Self.hostMask(family, prefixLength))
    }

    package func contains(_ other: IPAddress) -> Bool {
        other.family == family && other.bits & ~Self.hostMask(family, prefixLength) == address.bits
    }

    /// True if every address of `other` is in this network; a network contains itself.
    package func contains(_ other: CIDR) -> Bool {
        other.prefixLength >= prefixLength && contains(other.address)
    }

    package func overlaps(_ other: CIDR) -> Bool {
        contains(other.address) || other.contains(address)
    }

    /// The two halves; nil for a single address.
    package var halves: (CIDR, CIDR)? {
        let width = family.bitWidth
        guard prefixLength < width else { return nil }
        let upper = IPAddress(family: family, bits: address.bits | UInt128(1) << UInt128(width - prefixLength - 1))
        return (
            CIDR(unchecked: address, prefixLength: prefixLength + 1),
            CIDR(unchecked: upper, prefixLength: prefixLength + 1)
        )
    }

    /// What is left of this network without `holes`: disjoint networks in ascending order.
    package func subtracting(_ holes: [CIDR]) -> [CIDR] {
        let relevant = holes.filter(overlaps)
        if relevant.isEmpty { return [self] }
        if relevant.contains(where: { $0.contains(self) }) { return [] }
        guard let (low, high) = halves else { return [] }
        return low.subtracting(relevant) + high.subtracting(relevant)
    }

    private static func hostMask(_ family: IPAddress.Family, _ prefixLength: Int) -> UInt128 {
        let hostBits = family.bitWidth - prefixLength
        return hostBits == 128 ? .max : (UInt128(1) << UInt128(hostBits)) - 1
    }
}

extension CIDR: Comparable {
    package static func < (left: CIDR, right: CIDR) -> Bool {
        left.address == right.address ? left.prefixLength < right.prefixLength : left.address < right.address
    }
}

extension CIDR: CustomStringConvertible, Codable {
    /// Parses `address/length`; host bits may be set and are cleared, as the Kubernetes API accepts them.
    package init?(_ text: some StringProtocol) {
        let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2, let address = IPAddress(parts[0]), (1...3).contains(parts[1].utf8.count),
            parts[1].utf8.allSatisfy({ (48...57).contains($0) }), parts[1].count == 1 || parts[1].first != "0",
            let length = Int(parts[1])
        else { return nil }
        self.init(address, prefixLength: length)
    }

    package var description: String { "\(address)/\(prefixLength)" }

    package init(from decoder: any Decoder) throws {
        self = try decoder.parsedText("a network such as 10.0.0.0/8") { CIDR($0) }
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}
