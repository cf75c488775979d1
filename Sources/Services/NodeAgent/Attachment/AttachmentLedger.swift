package import AddressAllocation
package import NetworkTypes

/// What this node has handed out: the attachments, and the pool their addresses come from.
///
/// A value; `LedgerFile` keeps it.
package struct AttachmentLedger: Hashable, Sendable {
    package private(set) var records: [AttachmentKey: AttachmentRecord] = [:]
    package private(set) var pool = AddressPool(subnets: [])

    package init() {}

    /// The owner under which the pool knows an attachment; networks share the node's addresses.
    private func owner(_ key: AttachmentKey) -> AddressOwner {
        AddressOwner(containerID: "\(key.network)/\(key.containerID)", interface: key.interfaceName)
    }

    /// The addresses for an attachment, the same ones each time.
    ///
    /// `now` in seconds since 1970.
    package mutating func reserve(
        _ key: AttachmentKey, from subnets: [CIDR], now: Int64
    ) throws(AllocationError) -> [IPAddress] {
        if pool.subnets != subnets { pool.replaceSubnets(subnets) }
        return try pool.allocate(for: owner(key), now: now)
    }

    package mutating func record(_ record: AttachmentRecord) { records[record.key] = record }

    /// Forgets an attachment and lets its addresses rest.
    package mutating func release(_ key: AttachmentKey, now: Int64) {
        records[key] = nil
        pool.release(owner(key), now: now)
    }

    /// True if every subnet still has an address to give, resting ones included.
    package var hasFreeAddresses: Bool {
        pool.subnets.allSatisfy { subnet in
            UInt128(pool.allocations.values.joined().count(where: subnet.contains)) < AddressPool.capacity(of: subnet)
        }
    }
}

extension AttachmentLedger: Codable {
    private enum CodingKeys: CodingKey {
        case records, pool
    }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        let list = try container.decode([AttachmentRecord].self, forKey: .records)
        records = Dictionary(list.map { ($0.key, $0) }) { _, last in last }
        pool = try container.decode(AddressPool.self, forKey: .pool)
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(records.values.sorted { $0.key.description < $1.key.description }, forKey: .records)
        try container.encode(pool, forKey: .pool)
    }
}
