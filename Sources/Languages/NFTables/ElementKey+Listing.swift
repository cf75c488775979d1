import NetworkTypes

extension ElementKey {
    /// Nil for a form that is not one of these types.
    init?(listing: Listing, types: [DataType]) {
        if let inner = listing["elem"]?["val"] {
            self.init(listing: inner, types: types)
            return
        }
        guard let parts = types.count == 1 ? [listing] : listing["concat"]?.array, parts.count == types.count else {
            return nil
        }
        var values: [ElementValue] = []
        for (part, type) in zip(parts, types) {
            guard let value = ElementValue(listing: part, type: type) else { return nil }
            values.append(value)
        }
        self.init(values)
    }
}

extension ElementValue {
    init?(listing: Listing, type: DataType) {
        if let range = listing["range"]?.array {
            guard range.count == 2, let low = Self.bits(range[0], type), let high = Self.bits(range[1], type),
                low <= high
            else { return nil }
            self.init(unchecked: type, low, high)
        } else if let prefix = listing["prefix"] {
            guard type == .ipv4Address || type == .ipv6Address,
                let address = prefix["addr"]?.text.flatMap({ IPAddress($0) }),
                type == .address(address.family), let length = prefix["len"]?.number.flatMap(Int.init(exactly:)),
                let network = CIDR(address, prefixLength: length)
            else { return nil }
            self = .network(network)
        } else if type == .interfaceName {
            guard let text = listing.text else { return nil }
            let pattern = text.hasSuffix("*") ? InterfacePattern(prefix: text.dropLast()) : InterfacePattern(text)
            guard let pattern else { return nil }
            self = .interface(pattern)
        } else {
            guard let bits = Self.bits(listing, type) else { return nil }
            self.init(unchecked: type, bits, bits)
        }
    }

    private static func bits(_ listing: Listing, _ type: DataType) -> UInt128? {
        switch type {
        case .ipv4Address, .ipv6Address:
            guard let address = listing.text.flatMap({ IPAddress($0) }), type == .address(address.family) else {
                return nil
            }
            return address.bits
        case .etherAddress: return listing.text.flatMap { MACAddress($0) }.map { UInt128($0.bits) }
        case .inetProtocol, .inetService, .mark:
            guard let number = listing.number, let bits = UInt128(exactly: number),
                bits >> UInt128(8 * type.byteCount) == 0
            else { return nil }
            return bits
        case .interfaceName: return nil
        }
    }
}

extension NamedSet {
    init(listing body: Listing) {
        self.init(definition: SetDefinition(listing: body))
        for element in body["elem"]?.array ?? [] {
            guard let key = ElementKey(listing: element, types: definition.key) else {
                definition.key = []
                return
            }
            elements.insert(key)
        }
    }
}

extension NamedMap {
    init(listing body: Listing) {
        self.init(definition: SetDefinition(listing: body))
        for element in body["elem"]?.array ?? [] {
            guard let (key, value) = Self.element(element, definition) else {
                definition.key = []
                return
            }
            elements[key] = value
        }
    }

    /// A pair of key and value.
    private static func element(_ listing: Listing, _ definition: SetDefinition) -> (ElementKey, Value)? {
        guard let pair = listing.array, pair.count == 2, let key = ElementKey(listing: pair[0], types: definition.key)
        else {
            return nil
        }
        switch definition.data {
        case .verdict: return Verdict(listing: pair[1]).map { (key, .verdict($0)) }
        case .values(let types): return ElementKey(listing: pair[1], types: types).map { (key, .data($0)) }
        case nil: return nil
        }
    }
}

extension Verdict {
    init?(listing: Listing) {
        guard let (kind, body) = listing.single else { return nil }
        switch (kind, body["target"]?.text) {
        case ("accept", _): self = .accept
        case ("drop", _): self = .drop
        case ("return", _): self = .return
        case ("continue", _): self = .continue
        case ("jump", .some(let chain)): self = .jump(Name(chain))
        case ("goto", .some(let chain)): self = .goto(Name(chain))
        default: return nil
        }
    }
}
