import ClusterAPI
import EgressNames
import NetworkTypes

/// Which namespaces a selector set looks at.
enum NamespaceScope: Hashable, Sendable {
    case named(String)
    case matching(LabelSelector)
    /// Those of which it is unknown whether they match, since their object was not seen yet.
    case doubtful(LabelSelector)
    /// Those of one project network.
    case network(ProjectNetwork)
    /// Those of which it is not certain that exactly one of these matches.
    case notInOne([LabelSelector])
}

struct ScopeRecord: Sendable {
    let scope: NamespaceScope
    /// The known namespaces that are in it.
    var namespaces: Set<String> = []
    /// The selector sets of this scope by their pod selector.
    var index = SelectorIndex()
    /// The cluster-wide policies about this scope, by the pods that they are about.
    var subjects = SelectorIndex()

    var isUnused: Bool { index.isEmpty && subjects.isEmpty }
}

/// What a peer set is: the value that its id spells out.
enum PeerSetDefinition: Hashable, Sendable {
    case pods(NamespaceScope, LabelSelector)
    /// All addresses of the nodes that the selector matches.
    case nodes(LabelSelector)
    case networks([AddressBlock])
    /// What was learned of names: `docs/design/egress-names.md`.
    case names(NameSelector)
    /// A port by name, on pods that are any peer (nil), or a peer of one of the other kinds.
    indirect case named(NamedPort, on: PeerSetDefinition?)
}

/// An `ipBlock`, parsed.
struct AddressBlock: Hashable, Sendable, Comparable {
    let network: CIDR
    /// Ascending.
    let holes: [CIDR]

    static func < (left: AddressBlock, right: AddressBlock) -> Bool {
        left.network == right.network
            ? left.holes.lexicographicallyPrecedes(right.holes) : left.network < right.network
    }
}

/// A peer set with its members and what changed in them since the last drain.
struct PeerSetRecord: Sendable {
    let id: PeerSetID
    let definition: PeerSetDefinition
    /// The scope of a `.pods` set.
    var scope: Int?
    /// The set whose members a set of named ports is about, which is in use as long as this one; nil if it is about none.
    var target: Int?
    /// How many policy rules refer to it.
    var uses = 0
    /// True until it was told by `drainChanges`.
    var isNew = true
    var addresses: Set<IPAddress> = []
    var ports: Set<PeerPort> = []
    /// What a set of blocks covers, or the filter of named ports on one.
    var networks: [CIDR] = []
    var changedAddresses = SetDelta<IPAddress>()
    var changedPorts = SetDelta<PeerPort>()

    var members: PeerSetMembers {
        switch id.kind {
        case .addresses, .hosts, .names: .addresses(addresses)
        case .networks: .networks(networks)
        case .ports: .ports(ports)
        }
    }

    mutating func change(_ address: IPAddress, isMember: Bool) {
        let changed = isMember ? addresses.insert(address).inserted : addresses.remove(address) != nil
        if changed, !isNew { changedAddresses.record(address, isMember: isMember) }
    }

    mutating func change(_ port: PeerPort, isMember: Bool) {
        let changed = isMember ? ports.insert(port).inserted : ports.remove(port) != nil
        if changed, !isNew { changedPorts.record(port, isMember: isMember) }
    }
}

/// Additions and removals that cancel each other out.
struct SetDelta<Element: Hashable & Sendable>: Sendable {
    private(set) var added: Set<Element> = []
    private(set) var removed: Set<Element> = []

    var isEmpty: Bool { added.isEmpty && removed.isEmpty }

    mutating func record(_ element: Element, isMember: Bool) {
        if isMember {
            if removed.remove(element) == nil { added.insert(element) }
        } else if added.remove(element) == nil {
            removed.insert(element)
        }
    }
}
