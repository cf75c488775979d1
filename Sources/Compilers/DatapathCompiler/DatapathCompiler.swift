import LinkState
import NFTables
package import NetworkTypes
package import NodeModel
import PolicyEngine
import ServiceModel

/// Turns a `NodeState` into what the kernel must hold.
///
/// The result is a function of the state alone. The compiler keeps what it made, by content, so that a change costs what
/// changed: `update` with the changes since the last call gives the same datapath as compiling afresh.
package struct DatapathCompiler: Sendable {
    package internal(set) var datapath: Datapath

    /// The pods as they were compiled last.
    var pods: [String: LocalPod] = [:]
    /// Interfaces by address: more than one only if an address was given twice.
    var holders: [IPAddress: Set<String>] = [:]
    var policies: [PolicyUse: PolicyRecord] = [:]
    var parts: [PartUse: PartRecord] = [:]
    var services: [ServiceFrontend: ServiceElements] = [:]
    /// The marks of the other nodes, and the ways of selected pods as they were compiled last.
    var egressMarks: [String: UInt32] = [:]
    var egressWays: [IPAddress: CompiledWay] = [:]
    var chainUsers: [Name: Int] = [:]
    /// How many frontends let in the networks of a set.
    var sourceSetUsers: [Name: Int] = [:]
    var groupUsers: [SetGroup: Int] = [:]
    /// Those that another process fills.
    var nameGroups: Set<SetGroup> = []
    /// Groups that came into use in the running update: they were read whole, with members as they are now.
    var freshGroups: Set<SetGroup> = []
    /// The groups in use that contain a set.
    var groupsBySet: [PeerSetID: Set<SetGroup>] = [:]

    package init() {
        var table = Table(.inet, KernelNames.table, counters: Set(KernelNames.Drop.allCases.map(\.counter)))
        table.counters.remove(KernelNames.Drop.arpSpoof.counter)
        table.counters.insert(LogRules.newConnections)
        let arpTable = Table(
            .arp, KernelNames.table, chains: BaseChains.arp,
            sets: [KernelNames.arpSenders: NamedSet(.interfaceName, .etherAddress, .ipv4Address)],
            counters: [KernelNames.Drop.arpSpoof.counter])
        datapath = Datapath(table: table, arpTable: arpTable)
        var delta = DatapathDelta()
        compileTopology(NodeState(), &delta)
    }

    /// The datapath of a state, from nothing.
    package static func compile(_ state: NodeState) -> Datapath {
        var compiler = DatapathCompiler()
        var changes = NodeChanges()
        changes.pods = Set(state.pods.keys)
        changes.services = Set(state.services.keys)
        changes.egressWays = Set(state.egress.ways.keys)
        changes.egressTranslations = Set(state.egress.translations.keys)
        changes.topology = true
        _ = compiler.update(state, changes)
        return compiler.datapath
    }

    /// Brings `datapath` to `state`, of which at most `changes` differs from the state of the last call.
    package mutating func update(_ state: NodeState, _ changes: NodeChanges) -> DatapathDelta {
        var delta = DatapathDelta()
        if changes.topology { compileTopology(state, &delta) }
        compileEgress(state, changes, &delta)
        freshGroups.removeAll(keepingCapacity: true)
        let relinked = changes.topology ? changes.pods.union(pods.keys) : changes.pods
        for interface in changes.pods { compilePod(interface, state, &delta) }
        for interface in relinked { linkPod(interface, state, &delta) }
        for frontend in changes.services { compileService(frontend, state, &delta) }
        for set in changes.peerSets { updateSet(set, state, changes, &delta) }
        return delta
    }

    /// What was compiled for an interface; nil if nothing is attached there.
    package func pod(on interface: String) -> LocalPod? { pods[interface] }

    package var interfaces: [String: LocalPod].Keys { pods.keys }

    /// Whether an attached pod has the address.
    package func holds(_ address: IPAddress) -> Bool { holders[address] != nil }

    /// The addresses of attached pods: true where every holder's policy is known.
    package var addressHolders: [IPAddress: Bool] {
        holders.mapValues { $0.allSatisfy { pods[$0]?.policy != nil } }
    }

    /// A policy in the direction in which it is enforced: the same content means different rules in the other.
    struct PolicyUse: Hashable {
        let direction: Direction
        let policy: DirectionPolicy

        var parts: [PartUse] { policy.parts.map { PartUse(direction: direction, part: $0) } }
    }

    struct PolicyRecord {
        /// What leads to the tiers; nil if there is only one chain to lead to.
        let own: PolicyChains?
        let entry: Name
        var users: Int
    }

    /// One tier of a policy, likewise: policies that differ in other tiers share it.
    struct PartUse: Hashable {
        let direction: Direction
        let part: TierPart
    }

    struct PartRecord {
        let chains: PolicyChains
        var users: Int
    }
}
