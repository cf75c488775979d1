extension ObservedTable {
    /// Reads what `nft -n -j list table FAMILY NAME` prints; nil if the table is not in it.
    ///
    /// Never traps: text that is not a listing is an error, objects of other tables are passed over, and objects of
    /// unknown form become ones that no desired object equals.
    package init?(listing: [UInt8], _ family: Table.Family, _ name: Name) throws(ListingError) {
        guard let objects = try ListingReader.read(listing)["nftables"]?.array else {
            throw .unexpected("there is no array 'nftables'")
        }
        self.init(family, name)
        var exists = false
        for object in objects {
            guard let (kind, body) = object.single, body["family"]?.text == family.rawValue else { continue }
            if kind == "table" {
                exists = exists || body["name"]?.text == name.text
            } else if body["table"]?.text == name.text {
                try add(kind, body)
            }
        }
        guard exists else { return nil }
    }

    private mutating func add(_ kind: String, _ body: Listing) throws(ListingError) {
        if kind == "rule" { return try addRule(body) }
        guard let text = body["name"]?.text else { throw .unexpected("a \(kind) without a name") }
        let name = Name(text)
        switch kind {
        case "chain":
            // Rules of a chain may be listed before a further mention of it.
            chains[name, default: ObservedChain(base: nil, rules: [])].base = Chain.Base(listing: body)
        case "set": sets[name] = NamedSet(listing: body)
        case "map": maps[name] = NamedMap(listing: body)
        case "counter": counters[name] = Counter(listing: body)
        default: foreign.append("\(kind) \(text)")
        }
    }

    private mutating func addRule(_ body: Listing) throws(ListingError) {
        guard let chain = body["chain"]?.text, let handle = body["handle"]?.number else {
            throw .unexpected("a rule without chain or handle")
        }
        let rule = ObservedRule(handle: UInt64(clamping: handle), comment: body["comment"]?.text)
        chains[Name(chain), default: ObservedChain(base: nil, rules: [])].rules.append(rule)
    }
}

extension Chain.Base {
    /// Nil for a chain without a hook, or with one that this language does not have.
    init?(listing body: Listing) {
        guard let kind = body["type"]?.text.flatMap(Kind.init(rawValue:)),
            let hook = body["hook"]?.text.flatMap(Hook.init(rawValue:)),
            let priority = body["prio"]?.number.flatMap(Int.init(exactly:))
        else { return nil }
        self.init(
            kind, hook, priority: priority, policy: body["policy"]?.text.flatMap(Policy.init(rawValue:)) ?? .accept,
            device: body["dev"]?.text.flatMap { InterfacePattern($0) })
    }
}

extension SetDefinition {
    /// An empty key stands for types that this language does not have.
    init(listing body: Listing) {
        self.init(key: Self.types(body["type"]) ?? [])
        switch body["map"] {
        case .text("verdict"): data = .verdict
        case .some(let types):
            data = .values(Self.types(types) ?? [])
            if data == .values([]) { key = [] }
        case nil: data = nil
        }
        for flag in body["flags"]?.array ?? [] {
            switch flag.text {
            case "interval": flags.insert(.interval)
            case "timeout": flags.insert(.timeout)
            case "dynamic": flags.insert(.dynamic)
            default: key = []
            }
        }
        timeout = body["timeout"]?.number.map { UInt64(clamping: $0) }
        size = body["size"]?.number.map { UInt32(clamping: $0) }
    }

    /// An array of names, one name, or (for a map's data) several joined by ` . `.
    private static func types(_ listing: Listing?) -> [DataType]? {
        let names: [String]
        switch listing {
        case .text(let text): names = text.split(separator: " ").filter { $0 != "." }.map(String.init)
        case .array(let elements): names = elements.map { $0.text ?? "" }
        default: return nil
        }
        let types = names.compactMap(DataType.init(rawValue:))
        return types.count == names.count ? types : nil
    }
}

extension ObservedTable.Counter {
    init(listing body: Listing) {
        self.init(
            packets: UInt64(clamping: body["packets"]?.number ?? 0), bytes: UInt64(clamping: body["bytes"]?.number ?? 0)
        )
    }
}
