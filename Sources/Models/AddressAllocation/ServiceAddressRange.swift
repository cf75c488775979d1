package import NetworkTypes

/// A range that services have their cluster addresses from.
package struct ServiceAddressRange: Hashable, Sendable, CustomStringConvertible {
    package let cidr: CIDR
    private let numbers: BandedNumbers

    /// The most addresses of one range that draws go over, as in Kubernetes: nobody has more services.
    private static let mostDrawnV6: UInt128 = 65_536

    package init(_ cidr: CIDR) {
        self.cidr = cidr
        let bits = cidr.family.bitWidth - cidr.prefixLength
        let size = bits >= 64 ? UInt128(UInt64.max) : UInt128(1) << UInt128(bits)
        // Neither the network's own address nor, in IPv4, the broadcast address.
        let reserved: UInt128 = cidr.family == .v4 ? 2 : 1
        let drawn = cidr.family == .v4 ? size : min(size, Self.mostDrawnV6)
        numbers = BandedNumbers(count: UInt64(drawn > reserved ? drawn - reserved : 0), band: Self.band(of: size))
    }

    private static func band(of size: UInt128) -> UInt64 {
        size <= 16 ? 0 : UInt64(min(max(size / 16, 16), 256))
    }

    package var family: IPAddress.Family { cidr.family }
    package var description: String { cidr.description }

    /// How many addresses draws go over.
    package var capacity: UInt64 { numbers.count }

    /// True for an address that a service may choose.
    package func contains(_ address: IPAddress) -> Bool {
        cidr.contains(address) && address != cidr.address && (family == .v6 || address != cidr.lastAddress)
    }

    /// An address that is not taken; nil when all are.
    ///
    /// `start` as in `BandedNumbers.free`.
    package func free(from start: UInt64, isTaken: (IPAddress) -> Bool) -> IPAddress? {
        numbers.free(from: start) { isTaken(address($0)) }.map(address)
    }

    private func address(_ number: UInt64) -> IPAddress {
        IPAddress(family: family, bits: cidr.address.bits + UInt128(number) + 1)
    }
}
