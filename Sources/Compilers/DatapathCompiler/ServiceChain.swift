import NFTables
import NetworkTypes
import ServiceModel

/// The chain that chooses among so many backends, shared by all services that have as many (and as long an affinity).
///
/// It knows no service: what it looks up is made of what the packet is for.
struct ServiceChain: Hashable {
    let scope: ServiceScope
    let family: IPAddress.Family
    let count: UInt32
    let affinity: ServiceAffinity?

    var name: Name {
        let kind = (affinity == nil ? "choose-" : "sticky-") + scope.infix
        let memory = affinity.map { "-\($0.seconds)" + ($0.owner.map { "-\($0)" } ?? "") } ?? ""
        return Name("\(kind)\(count)\(memory)-\(family.rawValue)")
    }

    var chain: Chain { Chain(rules: affinity.map(remembered) ?? [any(translate)]) }

    /// One of them at random becomes the packet's mark.
    private func any(_ end: Statement) -> Rule {
        let pick: Statement =
            count == 1
            ? .setMark(ServiceMarks.firstChoice) : .numberMark(below: count, offset: ServiceMarks.firstChoice)
        return Rule(id: "any of \(count)", .networkProtocol(family), pick, end)
    }

    /// First to where the client has been; if that is gone, it is forgotten and another chosen.
    ///
    /// A memory that is full costs the affinity, not the connection.
    private func remembered(_ affinity: ServiceAffinity) -> [Rule] {
        let memory = affinity.memory(scope, family)
        let client = affinity.client(scope, family)
        let keep = Statement.updateMap(memory, client, .mark, timeout: UInt64(affinity.seconds))
        return [
            Rule(id: "as before", .mapMark(client, memory), keep, translate),
            Rule(id: "forget who is gone", .deleteFromMap(memory, client, .mark)),
            any(.mapMark(scope.key(family) + [.mark], KernelNames.choiceMap(scope, family))),
            Rule(id: "remember", keep),
            Rule(id: "to the chosen", .networkProtocol(family), translate),
        ]
    }

    private var translate: Statement {
        .destinationNAT(.map(scope.key(family) + [.mark], KernelNames.endpointMap(scope, family), family))
    }
}

/// How clients stay with their backends, and where that is remembered.
///
/// nft 1.0.6 fills no map from a packet by a key of more than 16 bytes: IPv4's client and frontend fit, and all services
/// share a map; of IPv6 the client alone fits, so each frontend has a map and a chain of its own.
struct ServiceAffinity: Hashable {
    let seconds: UInt32
    /// The frontend, where the memory is its own.
    let owner: String?

    init?(_ frontend: ServiceFrontend, _ target: ServiceTarget) {
        guard let seconds = target.affinitySeconds else { return nil }
        self.seconds = seconds
        owner = frontend.family == .v6 ? frontend.description.stableHash : nil
    }

    func memory(_ scope: ServiceScope, _ family: IPAddress.Family) -> Name {
        owner.map { Name("affinity-\($0)-\(family.rawValue)") } ?? KernelNames.affinityMap(scope)
    }

    /// What of a packet is the memory's key.
    func client(_ scope: ServiceScope, _ family: IPAddress.Family) -> [Field] {
        [.sourceAddress(family)] + (owner == nil ? scope.key(family) : [])
    }

    /// So many clients are remembered in one memory.
    private static let capacity: UInt32 = 65_536

    static func definition(_ key: [Field]) -> SetDefinition {
        SetDefinition(key: key.map(\.type), data: .values([.mark]), flags: [.dynamic, .timeout], size: capacity)
    }
}
