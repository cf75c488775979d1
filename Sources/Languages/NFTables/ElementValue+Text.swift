import NetworkTypes

extension ElementValue {
    /// As nft reads it: a value, a prefix where the range is one, or `low-high`.
    package var text: String {
        if type == .interfaceName {
            return "\"" + (interfacePattern?.description ?? "") + "\""
        }
        if !isRange { return Self.text(type, low) }
        if type == .ipv4Address || type == .ipv6Address, let prefixLength {
            return "\(Self.text(type, low))/\(prefixLength)"
        }
        return Self.text(type, low) + "-" + Self.text(type, high)
    }

    private static func text(_ type: DataType, _ bits: UInt128) -> String {
        switch type {
        case .ipv4Address: IPAddress(family: .v4, bits: bits).description
        case .ipv6Address: IPAddress(family: .v6, bits: bits).description
        case .etherAddress: MACAddress(bits: UInt64(truncatingIfNeeded: bits)).description
        case .inetProtocol, .inetService: String(bits)
        case .mark: "0x" + String(bits, radix: 16)
        case .interfaceName: ""
        }
    }
}

extension ElementKey {
    package var text: String {
        rest.isEmpty ? first.text : values.map(\.text).joined(separator: " . ")
    }
}

extension Verdict {
    package var text: String {
        switch self {
        case .accept: "accept"
        case .drop: "drop"
        case .return: "return"
        case .continue: "continue"
        case .jump(let chain): "jump \(chain)"
        case .goto(let chain): "goto \(chain)"
        }
    }
}
