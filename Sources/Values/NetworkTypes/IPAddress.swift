/// An IPv4 or IPv6 address: the family and its bits, most significant first.
///
/// IPv4 occupies the low 32 bits. Ordering is by family (v4 first), then numerically.
package struct IPAddress: Hashable, Sendable {
    package enum Family: UInt8, Hashable, Sendable, Codable, CaseIterable {
        case v4 = 4
        case v6 = 6

        /// The number of bits of an address: 32 or 128.
        package var bitWidth: Int { self == .v4 ? 32 : 128 }
    }

    package let family: Family
    /// Two words, never one `UInt128`: an asynchronous function that gets one among many arguments ends in a jump to address 0
    /// (docs/decisions/0007-addresses-are-two-words.md).
    private let high: UInt64
    private let low: UInt64

    package var bits: UInt128 { UInt128(high) << 64 | UInt128(low) }

    /// `bits` beyond the family's width are cut off.
    package init(family: Family, bits: UInt128) {
        self.family = family
        high = family == .v4 ? 0 : UInt64(truncatingIfNeeded: bits >> 64)
        low = family == .v4 ? UInt64(truncatingIfNeeded: bits & 0xFFFF_FFFF) : UInt64(truncatingIfNeeded: bits)
    }

    /// An IPv4 address from its 32 bits, most significant first: `0x7F000001` is 127.0.0.1.
    package init(v4 bits: UInt32) {
        self.init(family: .v4, bits: UInt128(bits))
    }

    /// An address from network-order bytes; nil unless there are exactly 4 or 16.
    package init?(bytes: some Collection<UInt8>) {
        guard bytes.count == 4 || bytes.count == 16 else { return nil }
        let bits = bytes.reduce(UInt128(0)) { $0 << 8 | UInt128($1) }
        self.init(family: bytes.count == 4 ? .v4 : .v6, bits: bits)
    }

    /// The address in network byte order: 4 or 16 bytes.
    package var bytes: [UInt8] {
        let width = family.bitWidth
        return stride(from: width - 8, through: 0, by: -8).map { UInt8(truncatingIfNeeded: bits >> UInt128($0)) }
    }

    package var isLoopback: Bool {
        family == .v4 ? bits >> 24 == 127 : bits == 1
    }

    package var isLinkLocal: Bool {
        family == .v4 ? bits >> 16 == 0xA9FE : bits >> 118 == 0x3FA
    }

    package var isMulticast: Bool {
        family == .v4 ? bits >> 28 == 0xE : bits >> 120 == 0xFF
    }

    package var isUnspecified: Bool { bits == 0 }

    /// The address `distance` after this one; nil past the end of the address space.
    package func advanced(by distance: UInt128) -> IPAddress? {
        let (sum, overflow) = bits.addingReportingOverflow(distance)
        guard !overflow, family == .v6 || sum <= 0xFFFF_FFFF else { return nil }
        return IPAddress(family: family, bits: sum)
    }
}

extension IPAddress: Comparable {
    package static func < (left: IPAddress, right: IPAddress) -> Bool {
        (left.family.rawValue, left.high, left.low) < (right.family.rawValue, right.high, right.low)
    }
}
