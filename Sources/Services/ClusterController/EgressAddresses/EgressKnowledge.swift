import AddressAllocation
import ClusterAPI
import EgressAddressModel
import NetworkTypes

/// What egress addresses depend on, as the API has it, and what is remembered of nodes that were silent.
struct EgressKnowledge {
    var networks = Mirror<ClusterNetwork>.unknown { didSet { knownTaken = nil } }
    var nodes = Mirror<Node>.unknown
    var hostSubnets = Mirror<HostSubnet>.unknown
    var netNamespaces = Mirror<NetNamespace>.unknown
    var egressIPs = Mirror<EgressIP>.unknown
    var zones = Mirror<Zone>.unknown
    var egressNodes = Mirror<EgressNode>.unknown
    /// Whose addresses are nobody else's.
    var groups = Mirror<FailoverGroup>.unknown { didSet { knownTaken = nil } }
    var policies = Mirror<ExternalIPPolicy>.unknown { didSet { knownTaken = nil } }
    var services = ServiceMirror() { didSet { knownTaken = nil } }
    /// Of all services, as long as none of these has changed: decisions are made several times a second.
    private var knownTaken: TakenAddresses?
    /// When each node was lost last, by the controller's clock in milliseconds.
    private var lostAt: [String: Int64] = [:]

    /// How long a node that answers again is given nothing: a link that comes and goes is to move nothing to and fro.
    static let calm: Int64 = 5_000

    var isComplete: Bool {
        networks.isComplete && nodes.isComplete && hostSubnets.isComplete && netNamespaces.isComplete
            && egressIPs.isComplete && zones.isComplete && egressNodes.isComplete && groups.isComplete
            && policies.isComplete && services.isComplete
    }

    /// True when something is held, or to be held, or an object is there whose node is gone.
    var isNeeded: Bool {
        isAsked || egressNodes.sorted.contains { !$0.owned.isEmpty || nodes[$0.key.name] == nil }
    }

    private var isAsked: Bool {
        EgressSituation(
            hostSubnets: hostSubnets.sorted, netNamespaces: netNamespaces.sorted, egressIPs: egressIPs.sorted,
            zones: zones.sorted
        ).isAsked
    }

    private var clusterRanges: [CIDR] {
        networks.sorted.flatMap { network in
            network.entries.compactMap { CIDR($0.cidr) } + network.serviceNetworkTexts.compactMap { CIDR($0) }
        }
    }

    private mutating func takenAddresses() -> TakenAddresses {
        if let knownTaken { return knownTaken }
        let rules = ExternalIPRules(
            policies.sorted, unreadable: policies.unreadable.keys.sorted(), reserved: clusterRanges)
        let taken = TakenAddresses(services: services.values, rules: rules, groups: groups.sorted)
        knownTaken = taken
        return taken
    }

    mutating func situation(_ lost: [String: String]) -> EgressSituation {
        let taken = takenAddresses()
        return EgressSituation(
            nodes: nodes.sorted, hostSubnets: hostSubnets.sorted, netNamespaces: netNamespaces.sorted,
            egressIPs: egressIPs.sorted, zones: zones.sorted, egressNodes: egressNodes.sorted, lost: lost,
            clusterRanges: clusterRanges, taken: taken.words, takenRanges: taken.ranges)
    }

    /// The nodes that cannot be given anything now, with why.
    mutating func lost(apiIsSilent: Set<String>, at now: Int64) -> [String: String] {
        var lost: [String: String] = [:]
        for object in egressNodes.sorted where object.status?.witnesses != nil {
            let name = object.key.name
            if object.isFenced(apiIsSilent: apiIsSilent.contains(name)) {
                lostAt[name] = now
                let silent = (object.status?.silentTo ?? []).joined(separator: ", ")
                lost[name] = silent.isEmpty ? "answers nobody" : "does not answer its witnesses (\(silent))"
            } else if let time = lostAt[name], now - time < Self.calm {
                lost[name] = "was silent a moment ago"
            }
        }
        return lost
    }

    /// The nodes whose witnesses are to be others, with whom.
    func witnessChanges(lost: Set<String>) -> [(EgressNode, [String])] {
        let members = egressNodes.sorted.filter { $0.status?.networks != nil && nodes[$0.key.name] != nil }
            .map(\.key.name)
        return egressNodes.sorted.compactMap { object in
            let now = object.spec?.witnesses ?? []
            let wanted = EgressWitnessChoice.witnesses(of: object.key.name, among: members, lost: lost, now: now)
            return now == wanted ? nil : (object, wanted)
        }
    }
}
