package import NetworkTypes

/// One value of a type, or all values from `low` to `high`: an address, network, range, port, interface and so on.
///
/// The form is canonical: two values are equal exactly when they mean the same, however they were written
/// (`10.0.0.0/31` and `10.0.0.0-10.0.0.1`). Interface names are their bytes, first byte most significant, filled
/// with zeros, and for a prefix the upper bound is filled with ones.
package struct ElementValue: Hashable, Sendable {
    package let type: DataType
    package let low: UInt128
    package let high: UInt128

    init(unchecked type: DataType, _ low: UInt128, _ high: UInt128) {
        self.type = type
        self.low = low
        self.high = high
    }

    /// All values of a type between two; nil when they do not fit the type, or the second is before the first.
    package init?(_ type: DataType, _ low: UInt128, through high: UInt128) {
        guard low <= high, type.byteCount == 16 || high >> UInt128(8 * type.byteCount) == 0 else { return nil }
        self.init(unchecked: type, low, high)
    }

    package static func address(_ address: IPAddress) -> Self {
        Self(unchecked: .address(address.family), address.bits, address.bits)
    }

    package static func network(_ network: CIDR) -> Self {
        Self(unchecked: .address(network.family), network.address.bits, network.lastAddress.bits)
    }

    /// Nil when the families differ or `last` is before `first`.
    package static func addresses(_ first: IPAddress, through last: IPAddress) -> Self? {
        guard first.family == last.family, first <= last else { return nil }
        return Self(unchecked: .address(first.family), first.bits, last.bits)
    }

    package static func mac(_ address: MACAddress) -> Self {
        Self(unchecked: .etherAddress, UInt128(address.bits), UInt128(address.bits))
    }

    /// An IP protocol by its number.
    package static func protocolNumber(_ number: UInt8) -> Self {
        Self(unchecked: .inetProtocol, UInt128(number), UInt128(number))
    }

    /// An IP protocol; ICMP has one number per family.
    package static func transport(_ transport: TransportProtocol, _ family: IPAddress.Family = .v4) -> Self {
        protocolNumber(transport.number(family))
    }

    package static func port(_ port: UInt16) -> Self {
        Self(unchecked: .inetService, UInt128(port), UInt128(port))
    }

    package static func ports(_ range: PortRange) -> Self {
        Self(unchecked: .inetService, UInt128(range.first), UInt128(range.last))
    }

    package static func interface(_ pattern: InterfacePattern) -> Self {
        let bytes = pattern.text.utf8.reduce(UInt128(0)) { $0 << 8 | UInt128($1) }
        let freeBits = UInt128(128 - 8 * pattern.text.utf8.count)
        let low = bytes << freeBits
        return Self(unchecked: .interfaceName, low, pattern.isPrefix ? low | (UInt128(1) << freeBits) - 1 : low)
    }

    package static func mark(_ mark: UInt32) -> Self {
        Self(unchecked: .mark, UInt128(mark), UInt128(mark))
    }

    /// True unless it stands for exactly one value.
    package var isRange: Bool { low != high }

    /// The length of the prefix that both bounds share, when the range is exactly a network; nil for other ranges.
    package var prefixLength: Int? {
        let differing = low ^ high
        guard differing & (differing &+ 1) == 0, low & differing == 0 else { return nil }
        return type.byteCount * 8 - (128 - differing.leadingZeroBitCount)
    }

    /// The interface, or pattern of interfaces, that this is; nil for other types.
    package var interfacePattern: InterfacePattern? {
        guard type == .interfaceName else { return nil }
        var bytes: [UInt8] = []
        for shift in stride(from: 120, through: 0, by: -8) {
            let byte = UInt8(truncatingIfNeeded: low >> UInt128(shift))
            if byte == 0 { break }
            bytes.append(byte)
        }
        let text = String(decoding: bytes, as: UTF8.self)
        return isRange ? InterfacePattern(prefix: text) : InterfacePattern(text)
    }
}

extension ElementValue: Comparable {
    package static func < (left: ElementValue, right: ElementValue) -> Bool {
        if left.type != right.type { return left.type.rawValue < right.type.rawValue }
        return (left.low, left.high) < (right.low, right.high)
    }
}
