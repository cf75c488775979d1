import ClusterAPI
import NetworkTypes

/// An address that somebody asks for, and the nodes that may hold it.
struct EgressDemand {
    let address: IPAddress
    let asker: EgressAsker
    /// The nodes that it was meant for, whether they can hold it now or not.
    var wished: [String] = []
    var candidates: [String] = []
    /// Why others of `wished` are no candidates.
    var reason = ""
    /// True when a person chose the node.
    var isManual = false
}

/// From objects to demands: what is refused is told.
struct EgressDemands {
    private let situation: EgressSituation
    private(set) var demands: [EgressDemand] = []
    private(set) var problems: [EgressProblem] = []
    private let rules: EgressEligibility

    init(_ situation: EgressSituation) {
        self.situation = situation
        rules = EgressEligibility(situation)
        collect()
    }

    private mutating func collect() {
        let manual = manualNodes()
        var asked: [IPAddress: [(EgressAsker, String)]] = [:]
        for namespace in situation.netNamespaces.sorted(by: { $0.key < $1.key }) {
            read(namespace.egressIPs ?? [], .namespace(namespace.netname), &asked)
        }
        for object in situation.egressIPs.sorted(by: { $0.key < $1.key }) {
            read(object.spec?.egressIPs ?? [], .object(object.key.name), &asked)
        }
        for zone in situation.zones.sorted(by: { $0.key < $1.key }) {
            read(zone.spec?.egress?.addresses ?? [], .zone(zone.key.name), &asked)
        }
        for (address, askers) in asked.sorted(by: { $0.key < $1.key }) {
            if askers.count > 1 {
                let names = askers.map { "\($0.0)" }.joined(separator: " and ")
                for (asker, text) in askers {
                    refuse(asker, text, "\(names) ask for it: an address is of one of them")
                }
            } else if let (asker, text) = askers.first {
                demand(address, asker, text, manual[address] ?? [])
            }
        }
        // A node's own wish that no namespace shares comes to nothing.
        for (address, nodes) in manual.sorted(by: { $0.key < $1.key }) where asked[address] == nil {
            for node in nodes {
                refuse(.hostSubnet(node), "\(address)", "no NetNamespace asks for it, so no node holds it")
            }
        }
    }

    private mutating func read(
        _ texts: [String], _ asker: EgressAsker, _ asked: inout [IPAddress: [(EgressAsker, String)]]
    ) {
        for text in texts {
            guard let address = IPAddress(text) else {
                refuse(asker, text, "it is no address")
                continue
            }
            if asked[address]?.contains(where: { $0.0 == asker }) == true { continue }
            asked[address, default: []].append((asker, text))
        }
    }

    /// The nodes that people chose: HostSubnets without ranges; with ranges the list is the controller's.
    private func manualNodes() -> [IPAddress: [String]] {
        var nodes: [IPAddress: [String]] = [:]
        for subnet in situation.hostSubnets.sorted(by: { $0.key < $1.key }) where (subnet.egressCIDRs ?? []).isEmpty {
            for address in Set((subnet.egressIPs ?? []).compactMap { IPAddress($0) }) {
                nodes[address, default: []].append(subnet.host)
            }
        }
        return nodes
    }

    private mutating func demand(_ address: IPAddress, _ asker: EgressAsker, _ text: String, _ manual: [String]) {
        if let problem = rules.problem(with: address) { return refuse(asker, text, problem) }
        var demand = EgressDemand(address: address, asker: asker)
        let wished: [String]
        let whose: String
        switch asker {
        case .object:
            wished = rules.labelled
            whose = "no node has the label \(EgressIP.assignableLabel)"
        case .zone(let name):
            let selector = situation.zones.first { $0.key.name == name }?.spec?.egress?.nodeSelector
            wished = selector.map { rules.nodes(matching: $0) } ?? rules.labelled
            whose =
                selector == nil
                ? "no node has the label \(EgressIP.assignableLabel)" : "no node has the labels of egress.nodeSelector"
        default:
            demand.isManual = !manual.isEmpty
            if manual.count > 1 {
                let names = manual.joined(separator: " and ")
                return refuse(asker, text, "the HostSubnets \(names) have it both: an address is at one node")
            }
            wished = manual.isEmpty ? rules.nodes(withRangeFor: address) : manual
            whose = "no HostSubnet has it in egressIPs or in a range of egressCIDRs"
        }
        demand.wished = wished
        if wished.isEmpty {
            demand.reason = whose
        } else {
            let judged = wished.map { ($0, rules.problem(with: $0, for: address, isManual: demand.isManual)) }
            demand.candidates = judged.filter { $0.1 == nil }.map(\.0)
            demand.reason = judged.compactMap(\.1).joined(separator: "; ")
        }
        if demand.candidates.isEmpty { refuse(asker, text, demand.reason) }
        demands.append(demand)
    }

    private mutating func refuse(_ asker: EgressAsker, _ text: String, _ message: String) {
        problems.append(EgressProblem(asker: asker, address: text, message: message))
    }
}
