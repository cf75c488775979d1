package import NetworkTypes

/// The pod addresses of one node: each owner gets one address of each of the node's subnets.
///
/// Of a subnet, the first address, the one after it (kept for the node) and for IPv4 the last are never given. A
/// pointer walks forward through the rest, and an address that was released is not given again until its quarantine is
/// over, unless nothing else is left; then the one released longest ago goes first.
///
/// A value without I/O: its owner saves `snapshot` before it acts on an allocation. Times are seconds since 1970.
package struct AddressPool: Hashable, Sendable {
    package private(set) var subnets: [CIDR]
    /// How long a released address rests, in seconds.
    package let quarantine: Int64

    private var held: [AddressOwner: [IPAddress]] = [:]
    private var owners: [IPAddress: AddressOwner] = [:]
    private var released: [IPAddress: Int64] = [:]
    private var next: [CIDR: IPAddress] = [:]

    package init(subnets: [CIDR], quarantine: Int64 = 60) {
        self.subnets = subnets
        self.quarantine = quarantine
    }

    /// The addresses of `owner`, in the order of the subnets.
    ///
    /// Asking again for the same owner gives the same addresses. Either every subnet gives one or none does.
    package mutating func allocate(for owner: AddressOwner, now: Int64) throws(AllocationError) -> [IPAddress] {
        if let addresses = held[owner] { return addresses }
        guard !subnets.isEmpty else { throw .noSubnet }
        var addresses: [IPAddress] = []
        for subnet in subnets {
            guard let address = firstFree(in: subnet, now: now) else {
                throw .addressesExhausted(
                    subnet: subnet, used: used(in: subnet), capacity: Self.capacity(of: subnet))
            }
            addresses.append(address)
        }
        for (subnet, address) in zip(subnets, addresses) { next[subnet] = address.advanced(by: 1) }
        record(addresses, for: owner)
        return addresses
    }

    /// Records addresses that an owner is known to have, for instance from the kernel when the saved state is lost.
    ///
    /// They may lie outside the subnets.
    package mutating func adopt(_ addresses: [IPAddress], for owner: AddressOwner) throws(AllocationError) {
        for address in addresses {
            if let other = owners[address], other != owner { throw .taken(address, by: other) }
        }
        for address in held[owner] ?? [] { owners[address] = nil }
        record(addresses, for: owner)
    }

    /// Gives the owner's addresses back and returns them; empty when it has none.
    @discardableResult
    package mutating func release(_ owner: AddressOwner, now: Int64) -> [IPAddress] {
        guard let addresses = held.removeValue(forKey: owner) else { return [] }
        released = released.filter { isResting(since: $0.value, now: now) }
        for address in addresses {
            owners[address] = nil
            released[address] = now
        }
        return addresses
    }

    /// Replaces the subnets.
    ///
    /// Addresses that are held stay held, even outside the new subnets.
    package mutating func replaceSubnets(_ subnets: [CIDR]) { self.subnets = subnets }

    package func addresses(of owner: AddressOwner) -> [IPAddress]? { held[owner] }

    package func owner(of address: IPAddress) -> AddressOwner? { owners[address] }

    /// Everything that is held, by owner.
    package var allocations: [AddressOwner: [IPAddress]] { held }

    /// How many addresses of a subnet can be given to pods.
    package static func capacity(of subnet: CIDR) -> UInt128 {
        let size = subnet.lastAddress.bits - subnet.address.bits
        let kept: UInt128 = subnet.family == .v4 ? 2 : 1
        return size > kept ? size - kept : 0
    }

    /// The address of a subnet that is kept for the node itself.
    package static func nodeAddress(of subnet: CIDR) -> IPAddress? { subnet.address.advanced(by: 1) }

    private mutating func record(_ addresses: [IPAddress], for owner: AddressOwner) {
        held[owner] = addresses
        for address in addresses {
            owners[address] = owner
            released[address] = nil
        }
    }

    private func used(in subnet: CIDR) -> Int { owners.keys.count(where: subnet.contains) }

    /// A clock that was set back does not prolong the rest beyond one quarantine.
    private func isResting(since time: Int64, now: Int64) -> Bool { now - time < quarantine && time <= now }
}

extension AddressPool {
    private func firstFree(in subnet: CIDR, now: Int64) -> IPAddress? {
        let capacity = Self.capacity(of: subnet)
        guard capacity > 0, let first = subnet.address.advanced(by: 2) else { return nil }
        let start = next[subnet].map { $0.bits - min($0.bits, first.bits) } ?? 0
        let tries = min(capacity, UInt128(owners.count + released.count + 1))
        for step in 0..<tries {
            let offset = (start + step) % capacity
            guard let address = first.advanced(by: offset) else { continue }
            if owners[address] == nil, !(released[address].map { isResting(since: $0, now: now) } ?? false) {
                return address
            }
        }
        let resting = released.filter { subnet.contains($0.key) && owners[$0.key] == nil }
        return resting.min { ($0.value, $0.key) < ($1.value, $1.key) }?.key
    }
}

extension AddressPool: Codable {
    /// The form in which a pool is saved: plain lists in a fixed order, so that equal pools give equal text.
    private struct Record: Codable {
        struct Holding: Codable {
            var owner: AddressOwner
            var addresses: [IPAddress]
        }

        struct Rest: Codable {
            var address: IPAddress
            var since: Int64
        }

        struct Pointer: Codable {
            var subnet: CIDR
            var next: IPAddress
        }

        var subnets: [CIDR]
        var quarantine: Int64
        var held: [Holding]
        var released: [Rest]
        var pointers: [Pointer]
    }

    package init(from decoder: any Decoder) throws {
        let record = try Record(from: decoder)
        self.init(subnets: record.subnets, quarantine: record.quarantine)
        for holding in record.held {
            do {
                try adopt(holding.addresses, for: holding.owner)
            } catch {
                throw DecodingError.dataCorrupted(
                    DecodingError.Context(codingPath: decoder.codingPath, debugDescription: "\(error)"))
            }
        }
        for rest in record.released where owners[rest.address] == nil { released[rest.address] = rest.since }
        for pointer in record.pointers { next[pointer.subnet] = pointer.next }
    }

    package func encode(to encoder: any Encoder) throws {
        let record = Record(
            subnets: subnets, quarantine: quarantine,
            held: held.sorted { $0.key < $1.key }.map { Record.Holding(owner: $0.key, addresses: $0.value) },
            released: released.sorted { $0.key < $1.key }.map { Record.Rest(address: $0.key, since: $0.value) },
            pointers: next.sorted { $0.key < $1.key }.map { Record.Pointer(subnet: $0.key, next: $0.value) })
        try record.encode(to: encoder)
    }
}
