import CLinux
import LinuxSystem
import NFTables

extension KernelTableReader {
    /// A set or map as the kernel describes it.
    private struct Description {
        let name: String
        let definition: SetDefinition
        /// Packets add the elements: nobody compares them.
        let isDynamic: Bool
    }

    /// False for what only nft can tell.
    func readSets(_ observed: inout ObservedTable) throws -> Bool {
        guard let sets = try descriptions() else { return false }
        for set in sets {
            let elements: [(key: ElementKey, value: NamedMap.Value?)]
            if set.isDynamic {
                elements = []
            } else {
                guard let read = try self.elements(of: set) else { return false }
                elements = read
            }
            let name = Name(set.name)
            if set.definition.data == nil {
                observed.sets[name] = NamedSet(definition: set.definition, elements: Set(elements.lazy.map(\.key)))
            } else {
                var map = NamedMap(definition: set.definition)
                for (key, value) in elements { map.elements[key] = value }
                observed.maps[name] = map
            }
        }
        return true
    }

    /// Nil when one is of a form that this language does not have.
    private func descriptions() throws -> [Description]? {
        var result: [Description] = []
        var isClear = true
        try dump(question(NFT_MSG_GETSET, NFTA_SET_TABLE), NFTA_SET_TABLE) { attributes in
            let flags = attributes[NFTA_SET_FLAGS.rawValue]?.bigEndian(UInt32.self) ?? 0
            // Those that rules contain are part of the rules.
            guard flags & NFT_SET_ANONYMOUS.rawValue == 0 else { return }
            guard let name = attributes[NFTA_SET_NAME.rawValue]?.text,
                let definition = SetDefinition(attributes, flags: flags)
            else {
                isClear = false
                return
            }
            result.append(
                Description(name: name, definition: definition, isDynamic: flags & NFT_SET_EVAL.rawValue != 0))
        }
        return isClear ? result : nil
    }

    private func elements(of set: Description) throws -> [(key: ElementKey, value: NamedMap.Value?)]? {
        var question = question(NFT_MSG_GETSETELEM, NFTA_SET_ELEM_LIST_TABLE)
        question.payload.put(NFTA_SET_ELEM_LIST_SET.rawValue, text: set.name)
        var found: [KernelElement] = []
        var isClear = true
        let types = set.definition.data?.types
        try dump(question, NFTA_SET_ELEM_LIST_TABLE) { attributes in
            guard let list = attributes[NFTA_SET_ELEM_LIST_ELEMENTS.rawValue] else { return }
            for (_, part) in list.attributes {
                guard let element = KernelElement(part.attributes, dataTypes: types) else {
                    isClear = false
                    continue
                }
                found.append(element)
            }
        }
        return isClear ? KernelElement.decode(found, set.definition) : nil
    }
}

extension SetDefinition.MapData {
    /// Empty for verdicts.
    fileprivate var types: [DataType] {
        switch self {
        case .verdict: []
        case .values(let types): types
        }
    }
}

extension SetDefinition {
    /// As a listing shows it, which leaves out that packets fill a set; nil for types and flags that this language does
    /// not have.
    fileprivate init?(_ attributes: NetlinkView.Attributes, flags: UInt32) {
        let known =
            NFT_SET_INTERVAL.rawValue | NFT_SET_MAP.rawValue | NFT_SET_TIMEOUT.rawValue | NFT_SET_EVAL.rawValue
            | NFT_SET_CONCAT.rawValue
        guard flags & ~known == 0, let number = attributes[NFTA_SET_KEY_TYPE.rawValue]?.bigEndian(UInt32.self),
            let key = Self.types(number)
        else { return nil }
        self.init(key: key)
        if flags & NFT_SET_INTERVAL.rawValue != 0 { self.flags.insert(.interval) }
        if flags & NFT_SET_TIMEOUT.rawValue != 0 { self.flags.insert(.timeout) }
        if flags & NFT_SET_MAP.rawValue != 0 {
            guard let number = attributes[NFTA_SET_DATA_TYPE.rawValue]?.bigEndian(UInt32.self) else { return nil }
            guard number != KernelSetCreation.verdictType else {
                data = .verdict
                readLimits(attributes)
                return
            }
            guard let types = Self.types(number) else { return nil }
            data = .values(types)
        }
        readLimits(attributes)
    }

    private mutating func readLimits(_ attributes: NetlinkView.Attributes) {
        timeout = attributes[NFTA_SET_TIMEOUT.rawValue]?.bigEndian(UInt64.self).map { $0 / 1000 }
        size = attributes[NFTA_SET_DESC.rawValue]?.attributes[NFTA_SET_DESC_SIZE.rawValue]?.bigEndian()
    }

    /// nft writes the numbers of a concatenation's types side by side, six bits each.
    private static func types(_ number: UInt32) -> [DataType]? {
        var types: [DataType] = []
        var rest = number
        while rest != 0 {
            guard let type = DataType.allCases.first(where: { KernelSetCreation.nftNumber($0) == rest & 63 }) else {
                return nil
            }
            types.insert(type, at: 0)
            rest >>= 6
        }
        return types.isEmpty ? nil : types
    }
}
