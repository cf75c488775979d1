import CLinux
import LinuxSystem
import NFTables

/// An element as nf_tables has it: bytes in network order, parts of a concatenation padded to four.
///
/// In a simple set with intervals a range is two elements, its first value and the first beyond it with a mark;
/// in a concatenated one it is one element with a first and a last key.
struct KernelElement {
    let key: [UInt8]
    var lastKey: [UInt8]?
    var endsInterval = false
    var value: NamedMap.Value?
    /// In milliseconds.
    var lifetime: UInt64?

    /// The kernel's elements for one of ours; nil for what this path leaves to nft: marks in interval sets (whose byte
    /// order differs) and elements that do not fit the definition, for which nft has better words.
    static func encode(_ element: Transaction.Element, _ definition: SetDefinition) -> [KernelElement]? {
        let values = element.key.values
        let isInterval = definition.flags.contains(.interval)
        guard values.map(\.type) == definition.key, isInterval || !values.contains(where: \.isRange) else { return nil }
        guard isInterval else {
            return [KernelElement(key: bytes(values, \.low), value: element.value, lifetime: element.lifetime)]
        }
        guard element.lifetime == nil else { return nil }
        guard !definition.key.contains(.mark) else { return nil }
        guard values.count == 1 else {
            // The last key also where it is the first: nft pairs keys blindly when it lists such a set.
            return [KernelElement(key: bytes(values, \.low), lastKey: bytes(values, \.high), value: element.value)]
        }
        let range = element.key.first
        var result = [KernelElement(key: bytes(range.type, range.low, padded: false), value: element.value)]
        let (beyond, overflow) = range.high.addingReportingOverflow(1)
        let width = UInt128(8 * range.type.byteCount)
        if !overflow, width == 128 || beyond >> width == 0 {
            result.append(KernelElement(key: bytes(range.type, beyond, padded: false), endsInterval: true))
        }
        return result
    }

    private static func bytes(_ values: [ElementValue], _ bound: KeyPath<ElementValue, UInt128>) -> [UInt8] {
        values.flatMap { bytes($0.type, $0[keyPath: bound], padded: values.count > 1) }
    }

    private static func bytes(_ type: DataType, _ bits: UInt128, padded: Bool) -> [UInt8] {
        let count = type.byteCount
        var result = (0..<count).map { UInt8(truncatingIfNeeded: bits >> UInt128(8 * (count - 1 - $0))) }
        // Marks are numbers of the host, everything else is as on the wire.
        if type == .mark, UInt16(1).littleEndian == 1 { result.reverse() }
        if padded { result += [UInt8](repeating: 0, count: (4 - count % 4) % 4) }
        return result
    }

    // MARK: Attributes

    func write(to writer: inout NetlinkWriter) {
        writer.nest(NFTA_LIST_ELEM.rawValue) { writer in
            writer.nest(NFTA_SET_ELEM_KEY.rawValue) { $0.put(NFTA_DATA_VALUE.rawValue, bytes: key) }
            if let lastKey {
                writer.nest(NFTA_SET_ELEM_KEY_END.rawValue) { $0.put(NFTA_DATA_VALUE.rawValue, bytes: lastKey) }
            }
            if endsInterval {
                writer.put(NFTA_SET_ELEM_FLAGS.rawValue, bigEndian: UInt32(NFT_SET_ELEM_INTERVAL_END.rawValue))
            }
            if let lifetime { writer.put(NFTA_SET_ELEM_TIMEOUT.rawValue, bigEndian: lifetime) }
            if let value {
                writer.nest(NFTA_SET_ELEM_DATA.rawValue) { Self.write(value, to: &$0) }
            }
        }
    }

    static func write(_ value: NamedMap.Value, to writer: inout NetlinkWriter) {
        switch value {
        case .data(let key):
            writer.put(NFTA_DATA_VALUE.rawValue, bytes: bytes(key.values, \.low))
        case .verdict(let verdict):
            writer.nest(NFTA_DATA_VERDICT.rawValue) { writer in
                writer.put(NFTA_VERDICT_CODE.rawValue, bigEndian: code(verdict))
                if let chain = verdict.target { writer.put(NFTA_VERDICT_CHAIN.rawValue, text: chain.text) }
            }
        }
    }

    private static func code(_ verdict: Verdict) -> Int32 {
        switch verdict {
        case .drop: 0
        case .accept: 1
        case .continue: NFT_CONTINUE.rawValue
        case .jump: NFT_JUMP.rawValue
        case .goto: NFT_GOTO.rawValue
        case .return: NFT_RETURN.rawValue
        }
    }
}
