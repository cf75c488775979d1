import CLinux
import LinuxSystem
import NFTables

/// The creation of a set or map.
struct KernelSetCreation {
    private let definition: SetDefinition
    private let reference: KernelSetReference
    private let isAnonymous: Bool
    private let size: UInt32?

    /// Nil for sets that nft makes: with lifetimes, maps filled by packets, or of types whose byte order is the host's.
    init?(_ definition: SetDefinition, _ reference: KernelSetReference, anonymousWithCount count: Int? = nil) {
        let isFilledByOthers = definition.flags == .dynamic && definition.data == nil && definition.timeout == nil
        guard definition.flags.isSubset(of: .interval) || isFilledByOthers, !definition.key.isEmpty,
            definition.key.allSatisfy({ Self.number($0) != nil }), definition.key != [.inetProtocol]
        else { return nil }
        switch definition.data {
        case nil, .verdict: break
        case .values: return nil
        }
        self.definition = definition
        self.reference = reference
        isAnonymous = count != nil
        size = definition.size ?? count.map { UInt32(clamping: $0) }
    }

    func write(to writer: inout NetlinkWriter) {
        writer.put(NFTA_SET_NAME.rawValue, text: reference.name)
        writer.put(NFTA_SET_FLAGS.rawValue, bigEndian: flags)
        let types = definition.key.compactMap(Self.number)
        writer.put(NFTA_SET_KEY_TYPE.rawValue, bigEndian: types.reduce(UInt32(0)) { $0 << 6 | $1 })
        writer.put(NFTA_SET_KEY_LEN.rawValue, bigEndian: lengths.reduce(0, +))
        if definition.data == .verdict {
            writer.put(NFTA_SET_DATA_TYPE.rawValue, bigEndian: Self.verdictType)
            writer.put(NFTA_SET_DATA_LEN.rawValue, bigEndian: UInt32(0))
        }
        writer.put(NFTA_SET_ID.rawValue, bigEndian: reference.id ?? 0)
        if size != nil || isConcatenatedInterval {
            writer.nest(NFTA_SET_DESC.rawValue) { writer in
                if let size { writer.put(NFTA_SET_DESC_SIZE.rawValue, bigEndian: size) }
                if isConcatenatedInterval { writeFields(to: &writer) }
            }
        }
        writer.put(NFTA_SET_USERDATA.rawValue, bytes: userData)
    }

    private var isConcatenatedInterval: Bool { definition.flags.contains(.interval) && definition.key.count > 1 }

    private var flags: UInt32 {
        var flags: UInt32 = isAnonymous ? NFT_SET_ANONYMOUS.rawValue | NFT_SET_CONSTANT.rawValue : 0
        if definition.flags.contains(.interval) { flags |= NFT_SET_INTERVAL.rawValue }
        if isConcatenatedInterval { flags |= NFT_SET_CONCAT.rawValue }
        if definition.flags.contains(.dynamic) { flags |= NFT_SET_EVAL.rawValue }
        if definition.data != nil { flags |= NFT_SET_MAP.rawValue }
        return flags
    }

    /// The lengths of the parts of the key, in bytes as they lie in the kernel's registers.
    private var lengths: [UInt32] {
        if definition.key.count == 1 { return [UInt32(definition.key[0].byteCount)] }
        return definition.key.map { UInt32(($0.byteCount + 3) & ~3) }
    }

    private func writeFields(to writer: inout NetlinkWriter) {
        writer.nest(NFTA_SET_DESC_CONCAT.rawValue) { writer in
            for type in definition.key {
                writer.nest(NFTA_LIST_ELEM.rawValue) {
                    $0.put(NFTA_SET_FIELD_LEN.rawValue, bigEndian: UInt32(type.byteCount))
                }
            }
        }
    }

    /// What nft keeps for itself: type 0, the key's byte order (2 is that of the network, 0 for concatenations).
    private var userData: [UInt8] {
        let order = UInt32(definition.key.count == 1 ? 2 : 0)
        return [0, 4] + withUnsafeBytes(of: order) { Array($0) }
    }

    /// nft's number of a type whose values are in network order.
    private static func number(_ type: DataType) -> UInt32? {
        switch type {
        case .ipv4Address, .ipv6Address, .inetProtocol, .inetService: nftNumber(type)
        case .etherAddress, .interfaceName, .mark: nil
        }
    }

    /// The type of a map that leads to verdicts, of the kernel itself.
    static let verdictType: UInt32 = 0xFFFF_FF00

    /// nft's own number of a type: the kernel keeps it and thinks nothing of it.
    static func nftNumber(_ type: DataType) -> UInt32 {
        switch type {
        case .ipv4Address: 7
        case .ipv6Address: 8
        case .etherAddress: 9
        case .inetProtocol: 12
        case .inetService: 13
        case .mark: 19
        case .interfaceName: 41
        }
    }
}
