extension DomainName {
    /// The name that asks who has an address: in `in-addr.arpa` (RFC 1035) or `ip6.arpa` (RFC 3596).
    package init(reverse address: IPAddress) {
        let labels: [String]
        switch address.family {
        case .v4: labels = address.bytes.reversed().map(String.init) + ["in-addr", "arpa"]
        case .v6:
            let nibbles = address.bytes.reversed().flatMap { [$0 & 15, $0 >> 4] }
            labels = nibbles.map { String($0, radix: 16) } + ["ip6", "arpa"]
        }
        self = DomainName(labels: labels.map(\.utf8)) ?? .root
    }

    /// The address that the name asks about; nil for other names, and for those of networks.
    package var reverseAddress: IPAddress? {
        let texts = labels.map { String(decoding: $0, as: UTF8.self).lowercased() }
        guard texts.count > 2, texts.last == "arpa" else { return nil }
        let numbers = texts.dropLast(2).reversed()
        switch (texts[texts.count - 2], numbers.count) {
        case ("in-addr", 4): return IPAddress(numbers.joined(separator: "."))
        case ("ip6", 32):
            var bits: UInt128 = 0
            for text in numbers {
                guard text.utf8.count == 1, let nibble = UInt8(text, radix: 16) else { return nil }
                bits = bits << 4 | UInt128(nibble)
            }
            return IPAddress(family: .v6, bits: bits)
        default: return nil
        }
    }
}
