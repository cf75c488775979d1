/// An Ethernet (EUI-48) address.
package struct MACAddress: Hashable, Sendable, CustomStringConvertible, Codable {
    /// The address in the low 48 bits, first octet most significant.
    package let bits: UInt64

    package init(bits: UInt64) {
        self.bits = bits & 0xFFFF_FFFF_FFFF
    }

    /// Parses six two-digit hexadecimal octets separated by colons; nil for anything else.
    package init?(_ text: some StringProtocol) {
        let octets = text.split(separator: ":", omittingEmptySubsequences: false)
        guard octets.count == 6 else { return nil }
        var bits: UInt64 = 0
        for octet in octets {
            guard octet.utf8.count == 2, octet.utf8.first != 43, octet.utf8.first != 45,
                let value = UInt8(octet, radix: 16)
            else { return nil }
            bits = bits << 8 | UInt64(value)
        }
        self.bits = bits
    }

    /// A locally administered address that is a function of an IP address: `0a:58` and the last four bytes, as CNI
    /// plugins do for IPv4; for IPv6 the last four bytes of a hash of all sixteen.
    package init(derivedFrom address: IPAddress) {
        let low: UInt64
        switch address.family {
        case .v4: low = UInt64(address.bits)
        case .v6: low = UInt64(truncatingIfNeeded: address.bytes.fnv1a) & 0xFFFF_FFFF
        }
        self.init(bits: 0x0A58_0000_0000 | low)
    }

    /// Six octets, first on the wire first.
    package var bytes: [UInt8] {
        stride(from: 40, through: 0, by: -8).map { UInt8(truncatingIfNeeded: bits >> UInt64($0)) }
    }

    /// The link-local IPv6 address that the kernel derives from this address (RFC 4291, modified EUI-64).
    package var linkLocalAddress: IPAddress {
        let octets = bytes
        let interface = [octets[0] ^ 2, octets[1], octets[2], 0xFF, 0xFE, octets[3], octets[4], octets[5]]
        let low = interface.reduce(UInt128(0)) { $0 << 8 | UInt128($1) }
        return IPAddress(family: .v6, bits: UInt128(0xFE80) << 112 | low)
    }

    package var description: String {
        bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined(separator: ":")
    }

    package init(from decoder: any Decoder) throws {
        self = try decoder.parsedText("a MAC address") { MACAddress($0) }
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}
