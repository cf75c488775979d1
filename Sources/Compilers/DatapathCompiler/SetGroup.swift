import NFTables
import NetworkTypes
import PolicyEngine

/// One lookup's worth of peers: a peer set, or several of a kind that are looked up as one.
struct SetGroup: Hashable, Comparable {
    let kind: PeerSetID.Kind
    /// Ascending, without duplicates, never empty.
    let members: [PeerSetID]

    /// Nil for no sets; all are of one kind.
    init?(_ sets: some Collection<PeerSetID>) {
        guard let kind = sets.first?.kind else { return nil }
        self.kind = kind
        members = Set(sets).sorted()
    }

    init(_ set: PeerSetID) {
        kind = set.kind
        members = [set]
    }

    /// The name in the kernel without the family: by content, the same in every process.
    var name: String {
        guard members.count > 1 else { return members[0].name }
        let text = members.map(\.definition).joined(separator: "\n")
        return "\(kind.rawValue)-any-\(text.stableDigest)"
    }

    func kernelName(_ family: IPAddress.Family) -> Name { Self.kernelName(name, family) }

    static func kernelName(_ name: String, _ family: IPAddress.Family) -> Name { "\(name)-\(family.rawValue)" }

    func definition(_ family: IPAddress.Family) -> SetDefinition {
        let address = DataType.address(family)
        return switch kind {
        case .addresses, .hosts: SetDefinition(key: [address])
        case .names: SetDefinition(key: [address], flags: .dynamic, size: Self.maximumNames)
        case .networks: SetDefinition(key: [address], flags: .interval)
        case .ports: SetDefinition(key: [address, .inetProtocol, .inetService])
        }
    }

    /// What a packet is asked for: the address of the other side, with protocol and port for sets of ports.
    func fields(_ direction: Direction, _ family: IPAddress.Family) -> [Field] {
        let address: Field = direction == .ingress ? .sourceAddress(family) : .destinationAddress(family)
        return kind == .ports ? [address, .layer4Protocol, .destinationPort] : [address]
    }

    /// What people read beside the rule.
    var label: String {
        members.count > Self.maximumLookups
            ? "any of \(members.count) sets" : members.map(\.definition).joined(separator: " or ")
    }

    static func < (left: SetGroup, right: SetGroup) -> Bool {
        left.kind == right.kind
            ? left.members.lexicographicallyPrecedes(right.members) : left.kind.rawValue < right.kind.rawValue
    }

    /// The groups for a place in a chain: every set by itself while they are few, else one group of each kind, so that
    /// the number of lookups has a bound.
    static func bounded(_ sets: some Collection<PeerSetID>) -> [SetGroup] {
        if sets.count <= maximumLookups { return sets.sorted().map { SetGroup($0) } }
        let kinds: [PeerSetID.Kind] = [.addresses, .hosts, .names, .networks, .ports]
        return kinds.compactMap { kind in SetGroup(sets.filter { $0.kind == kind }) }
    }

    static let maximumLookups = 4

    /// Twice what a node learns at most: see `NameLimits`.
    private static let maximumNames: UInt32 = 131_072
}
