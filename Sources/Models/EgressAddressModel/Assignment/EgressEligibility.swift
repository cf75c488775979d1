import ClusterAPI
import NetworkTypes

/// Which node may hold which address.
struct EgressEligibility {
    /// The nodes that EgressIP objects may use.
    let labelled: [String]
    private let ranges: [(node: String, ranges: [CIDR])]
    private let nodes: [String: Node]
    private let networks: [String: [CIDR]]
    private let lost: [String: String]
    private let clusterRanges: [CIDR]
    private var taken: [IPAddress: String]
    private let takenRanges: [(range: CIDR, words: String)]

    init(_ situation: EgressSituation) {
        labelled = situation.nodes.filter { $0.metadata.labels?[EgressIP.assignableLabel] != nil }.map(\.key.name)
            .sorted()
        ranges = situation.hostSubnets.map { ($0.host, ($0.egressCIDRs ?? []).compactMap { CIDR($0) }) }
            .sorted { $0.0 < $1.0 }
        nodes = Dictionary(situation.nodes.map { ($0.key.name, $0) }) { first, _ in first }
        networks = Dictionary(
            situation.egressNodes.compactMap { node in
                node.status?.networks.map { (node.key.name, $0.compactMap { CIDR($0) }) }
            }
        ) { first, _ in first }
        lost = situation.lost
        clusterRanges = situation.clusterRanges
        taken = situation.taken
        takenRanges = situation.takenRanges
        for node in situation.nodes {
            for address in (node.internalAddressTexts + node.externalAddressTexts).compactMap({ IPAddress($0) }) {
                taken[address] = "it is an address of node \(node.key.name)"
            }
        }
    }

    func nodes(matching selector: LabelSelector) -> [String] {
        nodes.values.filter { selector.matches($0.metadata.labels ?? [:]) }.map(\.key.name).sorted()
    }

    func nodes(withRangeFor address: IPAddress) -> [String] {
        ranges.filter { $0.ranges.contains { $0.contains(address) } }.map(\.node)
    }

    /// Why no node may hold it.
    func problem(with address: IPAddress) -> String? {
        if let words = taken[address] { return words }
        if let found = takenRanges.first(where: { $0.range.contains(address) }) { return found.words }
        if let range = clusterRanges.first(where: { $0.contains(address) }) {
            return "it is in \(range), which is the cluster's own"
        }
        if address.isLoopback || address.isMulticast || address.isUnspecified || address.isLinkLocal {
            return "nothing outside answers to such an address"
        }
        return nil
    }

    /// Why this node may not; a node that a person chose holds it drained, too: no other may.
    func problem(with name: String, for address: IPAddress, isManual: Bool) -> String? {
        guard let node = nodes[name] else { return "there is no node \(name)" }
        if let words = lost[name] { return "node \(name) \(words)" }
        if node.metadata.deletionTimestamp != nil { return "node \(name) is being deleted" }
        if node.spec?.unschedulable == true, !isManual { return "node \(name) is drained" }
        guard let networks = networks[name] else { return "node \(name) runs no gabion egress" }
        if !networks.contains(where: { $0.contains(address) }) {
            return "no interface of node \(name) has a network with it"
        }
        return nil
    }
}
