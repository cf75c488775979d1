import CLinux
import LinuxSystem
import NFTables

extension KernelElement {
    /// An element as the kernel tells it; nil for forms that this language does not have.
    ///
    /// - Parameter dataTypes: of a map's values, none for verdicts; nil for a set.
    init?(_ attributes: NetlinkView.Attributes, dataTypes: [DataType]?) {
        var key: [UInt8]?
        var lastKey: [UInt8]?
        var value: NamedMap.Value?
        var flags: UInt32 = 0
        for (type, part) in attributes {
            switch UInt32(type) {
            case NFTA_SET_ELEM_KEY.rawValue: key = part.attributes[NFTA_DATA_VALUE.rawValue]?.bytes
            case NFTA_SET_ELEM_KEY_END.rawValue: lastKey = part.attributes[NFTA_DATA_VALUE.rawValue]?.bytes
            case NFTA_SET_ELEM_FLAGS.rawValue: flags = part.bigEndian() ?? 0
            case NFTA_SET_ELEM_DATA.rawValue:
                guard let dataTypes, let read = Self.value(part.attributes, dataTypes) else { return nil }
                value = read
            default: break
            }
        }
        guard let key, flags & ~NFT_SET_ELEM_INTERVAL_END.rawValue == 0 else { return nil }
        let endsInterval = flags != 0
        guard endsInterval || (value == nil) == (dataTypes == nil) else { return nil }
        self.init(key: key, lastKey: lastKey, endsInterval: endsInterval, value: value)
    }

    private static func value(_ attributes: NetlinkView.Attributes, _ types: [DataType]) -> NamedMap.Value? {
        if let verdict = attributes[NFTA_DATA_VERDICT.rawValue]?.attributes {
            let target = verdict[NFTA_VERDICT_CHAIN.rawValue].map { Name($0.text) }
            return verdict[NFTA_VERDICT_CODE.rawValue]?.bigEndian(Int32.self).flatMap { Verdict($0, target) }
                .map { .verdict($0) }
        }
        guard let bytes = attributes[NFTA_DATA_VALUE.rawValue]?.bytes, let values = numbers(bytes, types) else {
            return nil
        }
        return ElementKey(zip(types, values).compactMap { ElementValue($0, $1, through: $1) }).map { .data($0) }
    }

    /// The elements of a set as this language has them; nil when they do not fit its definition.
    ///
    /// The other way round than `encode`.
    static func decode(
        _ elements: [KernelElement], _ definition: SetDefinition
    ) -> [(key: ElementKey, value: NamedMap.Value?)]? {
        let types = definition.key
        let isInterval = definition.flags.contains(.interval)
        if isInterval, types.contains(.mark) { return nil }
        if isInterval, types.count == 1 { return intervals(elements, types[0]) }
        var result: [(key: ElementKey, value: NamedMap.Value?)] = []
        result.reserveCapacity(elements.count)
        for element in elements {
            guard let lows = numbers(element.key, types),
                let highs = element.lastKey.map({ numbers($0, types) }) ?? lows
            else { return nil }
            var values: [ElementValue] = []
            values.reserveCapacity(types.count)
            for (index, type) in types.enumerated() {
                guard let value = ElementValue(type, lows[index], through: highs[index]) else { return nil }
                values.append(value)
            }
            guard let key = ElementKey(values) else { return nil }
            result.append((key, element.value))
        }
        return result
    }

    /// Pairs first values with the first beyond; a range without an end reaches to the last value of the type.
    private static func intervals(
        _ elements: [KernelElement], _ type: DataType
    ) -> [(key: ElementKey, value: NamedMap.Value?)]? {
        var bounds: [(number: UInt128, element: KernelElement)] = []
        for element in elements {
            guard let number = numbers(element.key, [type])?.first else { return nil }
            bounds.append((number, element))
        }
        // Where one ends and the next begins, the end comes first.
        bounds.sort { ($0.number, $0.element.endsInterval ? 0 : 1) < ($1.number, $1.element.endsInterval ? 0 : 1) }
        var result: [(key: ElementKey, value: NamedMap.Value?)] = []
        var open: (number: UInt128, element: KernelElement)?
        func close(at last: UInt128) -> Bool {
            guard let begun = open else { return true }
            open = nil
            guard let value = ElementValue(type, begun.number, through: last) else { return false }
            result.append((ElementKey(value), begun.element.value))
            return true
        }
        for bound in bounds {
            // An end without a beginning is nft's mark that nothing below the first range belongs to the set.
            if bound.element.endsInterval {
                guard close(at: bound.number &- 1) else { return nil }
            } else {
                guard open == nil else { return nil }
                open = bound
            }
        }
        return close(at: .max >> UInt128(128 - 8 * type.byteCount)) ? result : nil
    }

    /// The parts of a key; nil when its length is another.
    private static func numbers(_ bytes: [UInt8], _ types: [DataType]) -> [UInt128]? {
        var numbers: [UInt128] = []
        numbers.reserveCapacity(types.count)
        var start = 0
        for type in types {
            let end = start + type.byteCount
            guard end <= bytes.count else { return nil }
            var number: UInt128 = 0
            for index in start..<end { number = number << 8 | UInt128(bytes[index]) }
            if type == .mark, UInt16(1).littleEndian == 1 { number = UInt128(UInt32(number).byteSwapped) }
            numbers.append(number)
            start = types.count > 1 ? (end + 3) & ~3 : end
        }
        return start == bytes.count ? numbers : nil
    }
}

extension Verdict {
    /// By the kernel's number; nil for verdicts that this language does not have.
    fileprivate init?(_ code: Int32, _ target: Name?) {
        switch (code, target) {
        case (0, _): self = .drop
        case (1, _): self = .accept
        case (NFT_CONTINUE.rawValue, _): self = .continue
        case (NFT_RETURN.rawValue, _): self = .return
        case (NFT_JUMP.rawValue, let target?): self = .jump(target)
        case (NFT_GOTO.rawValue, let target?): self = .goto(target)
        default: return nil
        }
    }
}
