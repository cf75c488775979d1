import CLinux
import LinuxSystem
import NFTables
import NetworkTypes

/// The expressions of one rule, in the kernel's form; knows what the rules of policies consist of.
struct KernelExpressions {
    private(set) var writer = NetlinkWriter()
    /// The network protocol that an expression of this rule has asked for already.
    private var knownFamily: IPAddress.Family?

    /// Loads the fields into registers as one key, as a lookup needs it; false for other fields than addresses, the
    /// protocol and ports, and marks if allowed: in sets of intervals their byte order would be another.
    mutating func load(_ fields: [Field], allowingMarks: Bool = false) -> Bool {
        for field in fields {
            guard case .sourceAddress(let family) = field else {
                if case .destinationAddress(let family) = field { require(family) }
                continue
            }
            require(family)
        }
        var word: UInt32 = 0
        for field in fields {
            if allowingMarks, field == .mark { loadMeta(UInt32(NFT_META_MARK.rawValue), word) }
            guard field == .mark && allowingMarks || load(field, word) else { return false }
            word += UInt32((field.type.byteCount + 3) / 4)
        }
        return true
    }

    mutating func lookUp(_ set: KernelSetReference, negated: Bool = false, verdicts: Bool = false) {
        append("lookup") { writer in
            writer.put(NFTA_LOOKUP_SET.rawValue, text: set.name)
            writer.put(NFTA_LOOKUP_SREG.rawValue, bigEndian: Self.register(0))
            if verdicts { writer.put(NFTA_LOOKUP_DREG.rawValue, bigEndian: UInt32(NFT_REG_VERDICT.rawValue)) }
            if let id = set.id { writer.put(NFTA_LOOKUP_SET_ID.rawValue, bigEndian: id) }
            if negated { writer.put(NFTA_LOOKUP_FLAGS.rawValue, bigEndian: UInt32(NFT_LOOKUP_F_INV.rawValue)) }
        }
    }

    mutating func end(with verdict: Verdict) {
        append("immediate") { writer in
            writer.put(NFTA_IMMEDIATE_DREG.rawValue, bigEndian: UInt32(NFT_REG_VERDICT.rawValue))
            writer.nest(NFTA_IMMEDIATE_DATA.rawValue) { KernelElement.write(.verdict(verdict), to: &$0) }
        }
    }

    mutating func count() { append("counter") { _ in } }

    mutating func count(in name: Name) {
        append("objref") { writer in
            writer.put(NFTA_OBJREF_IMM_TYPE.rawValue, bigEndian: UInt32(NFT_OBJECT_COUNTER))
            writer.put(NFTA_OBJREF_IMM_NAME.rawValue, text: name.text)
        }
    }

    /// Addresses lie at places that the network protocol decides, so it is asked for first, once.
    mutating func require(_ family: IPAddress.Family) {
        guard knownFamily != family else { return }
        knownFamily = family
        loadMeta(UInt32(NFT_META_NFPROTO.rawValue), 0)
        append("cmp") { writer in
            writer.put(NFTA_CMP_SREG.rawValue, bigEndian: Self.register(0))
            writer.put(NFTA_CMP_OP.rawValue, bigEndian: UInt32(NFT_CMP_EQ.rawValue))
            writer.nest(NFTA_CMP_DATA.rawValue) {
                $0.put(NFTA_DATA_VALUE.rawValue, bytes: [family == .v4 ? 2 : 10])
            }
        }
    }

    private mutating func load(_ field: Field, _ word: UInt32) -> Bool {
        let network = UInt32(NFT_PAYLOAD_NETWORK_HEADER.rawValue)
        let transport = UInt32(NFT_PAYLOAD_TRANSPORT_HEADER.rawValue)
        switch field {
        case .sourceAddress(.v4): loadPayload(network, offset: 12, length: 4, word)
        case .sourceAddress(.v6): loadPayload(network, offset: 8, length: 16, word)
        case .destinationAddress(.v4): loadPayload(network, offset: 16, length: 4, word)
        case .destinationAddress(.v6): loadPayload(network, offset: 24, length: 16, word)
        case .layer4Protocol: loadMeta(UInt32(NFT_META_L4PROTO.rawValue), word)
        case .sourcePort: loadPayload(transport, offset: 0, length: 2, word)
        case .destinationPort: loadPayload(transport, offset: 2, length: 2, word)
        default: return false
        }
        return true
    }

    private mutating func loadMeta(_ key: UInt32, _ word: UInt32) {
        append("meta") { writer in
            writer.put(NFTA_META_DREG.rawValue, bigEndian: Self.register(word))
            writer.put(NFTA_META_KEY.rawValue, bigEndian: key)
        }
    }

    private mutating func loadPayload(_ base: UInt32, offset: UInt32, length: UInt32, _ word: UInt32) {
        append("payload") { writer in
            writer.put(NFTA_PAYLOAD_DREG.rawValue, bigEndian: Self.register(word))
            writer.put(NFTA_PAYLOAD_BASE.rawValue, bigEndian: base)
            writer.put(NFTA_PAYLOAD_OFFSET.rawValue, bigEndian: offset)
            writer.put(NFTA_PAYLOAD_LEN.rawValue, bigEndian: length)
        }
    }

    /// The 32-bit register so many words into the data registers.
    static func register(_ word: UInt32) -> UInt32 { UInt32(NFT_REG32_00.rawValue) + word }

    mutating func append(_ name: String, _ body: (inout NetlinkWriter) -> Void) {
        writer.nest(NFTA_LIST_ELEM.rawValue) { writer in
            writer.put(NFTA_EXPR_NAME.rawValue, text: name)
            writer.nest(NFTA_EXPR_DATA.rawValue, body)
        }
    }
}
