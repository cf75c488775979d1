import ClusterAPI
import NetworkTypes

/// Which of the policies that zones come to it is.
struct ZonePolicyKey: Hashable {
    /// Empty for the one about pods without a zone.
    let zone: String
    let step: ZoneStep
    /// For a hole, its place and the direction of the pods that it is about.
    var hole: Hole?

    struct Hole: Hashable {
        let index: Int
        let direction: Direction
    }
}

/// The order in which the rules of a zone are asked.
///
/// Pods are decided about by their namespaces before nodes by their labels, and those before hosts by their address:
/// an address block that contains the pods' or nodes' own addresses says nothing about them.
enum ZoneStep: Int, Hashable, CaseIterable {
    /// Pods that are not in exactly one zone: everything is closed.
    case closed
    /// Such pods as peers.
    case strangers
    case podHoles, pods
    case nodeHoles, nodes
    /// Another node's pod has its address before this node hears of it: until then nobody knows its zone.
    case unknownPods
    case networkHoles, networks
    case outside
}

extension ZonePlan {
    /// Everything that has to hold, with the key by which it is known again.
    var policies: [ZonePolicyKey: CompiledPolicy] {
        guard !zones.isEmpty else { return [:] }
        let key = ZonePolicyKey(zone: "", step: .closed)
        let everything = [CompiledRule.zone(.deny, nil, to: nil)]
        let closed = CompiledPolicy(
            place: place("", .closed), subject: PolicySubject(namespaces: .notInOne(selectors), pods: LabelSelector()),
            ingress: everything, egress: everything, diagnostics: [])
        var policies = [key: closed]
        for zone in zones {
            addBase(of: zone, &policies)
            for (hole, source) in openHoles(into: zone) { add(hole, from: source, into: zone, &policies) }
        }
        return policies
    }

    private func place(_ zone: String, _ step: ZoneStep, part: Int = 0) -> PolicyPlace {
        PolicyPlace(
            tier: .zones, priority: step.rawValue,
            policy: PolicyReference(.zone, ObjectKey(namespace: "", name: zone)), part: part)
    }

    /// What holds for all pods of a zone.
    private func addBase(of zone: UnderstoodZone, _ policies: inout [ZonePolicyKey: CompiledPolicy]) {
        guard let subject = zone.pods() else { return }
        for step in ZoneStep.allCases {
            let ingress = rules(of: zone, step, .ingress)
            if ingress.isEmpty { continue }
            policies[ZonePolicyKey(zone: zone.name, step: step)] = CompiledPolicy(
                place: place(zone.name, step), subject: subject, ingress: ingress,
                egress: rules(of: zone, step, .egress), diagnostics: [])
        }
    }

    private func rules(of zone: UnderstoodZone, _ step: ZoneStep, _ direction: Direction) -> [CompiledRule] {
        func rule(_ action: RuleAction, _ subject: ZoneRuleID.Subject, _ peers: [PeerSetDefinition]?) -> [CompiledRule]
        {
            if peers?.isEmpty == true { return [] }
            return [.zone(action, ZoneRuleID(zone: zone.name, direction: direction, subject: subject), to: peers)]
        }
        let others = zones.filter { $0.name != zone.name }
        switch step {
        case .closed, .podHoles, .nodeHoles, .networkHoles: return []
        case .strangers: return rule(.deny, .strangers, [.pods(.notInOne(selectors), LabelSelector())])
        case .pods:
            // The nodes that two zones claim come here: before the holes for nodes.
            return rule(.pass, .own, zone.podPeers()) + others.flatMap { rule(.deny, .zone($0.name), $0.podPeers()) }
                + pairs { one, other in rule(.deny, .both(one.name, other.name), Self.sharedNodes(one, other)) }
        case .nodes:
            return rule(.pass, .own, zone.nodePeers) + others.flatMap { rule(.deny, .zone($0.name), $0.nodePeers) }
                + pairs { one, other in
                    rule(.deny, .both(one.name, other.name), Self.networkPeers(Self.overlap(one, other)))
                }
        case .unknownPods:
            return rule(.deny, .unknownPods, podRanges.isEmpty ? [] : [.networks(podRanges)])
        case .networks:
            return rule(.pass, .own, Self.networkPeers(zone.networks))
                + others.flatMap { rule(.deny, .zone($0.name), Self.networkPeers($0.networks)) }
        case .outside:
            if zone.allowsExternal, knowsOutside { return [] }
            let names = knowsOutside && direction == .egress ? zone.externalNames : []
            return rule(.pass, .names, names.map { .names($0) }) + rule(.deny, .outside, nil)
        }
    }

    private func pairs(_ make: (UnderstoodZone, UnderstoodZone) -> [CompiledRule]) -> [CompiledRule] {
        zones.indices.flatMap { index in zones[(index + 1)...].flatMap { make(zones[index], $0) } }
    }

    private static func sharedNodes(_ one: UnderstoodZone, _ other: UnderstoodZone) -> [PeerSetDefinition] {
        guard let nodes = one.nodes, let others = other.nodes else { return [] }
        return [.nodes(nodes.and(others))]
    }

    private static func networkPeers(_ networks: [CIDR]) -> [PeerSetDefinition] {
        PeerSetDefinition.of(Set(networks.map { AddressBlock(network: $0, holes: []) }))
    }

    /// A hole is an exception for the pods that it leads to, and one for the pods that it comes from.
    private func add(
        _ hole: UnderstoodHole, from source: UnderstoodZone, into zone: UnderstoodZone,
        _ policies: inout [ZonePolicyKey: CompiledPolicy]
    ) {
        let fromPods = source.podPeers(hole.source.namespaceSelector, hole.source.podSelector)
        let toPods = zone.podPeers(hole.target.namespaceSelector, hole.target.podSelector)
        let steps: [(ZoneStep, from: [PeerSetDefinition], to: [PeerSetDefinition])] = [
            (.podHoles, fromPods, toPods),
            (.nodeHoles, hole.isFromPods ? [] : source.nodePeers, hole.isToPods ? [] : zone.nodePeers),
            (
                .networkHoles, hole.isFromPods ? [] : Self.networkPeers(source.networks),
                hole.isToPods ? [] : Self.networkPeers(zone.networks)
            ),
        ]
        let targets = zone.pods(hole.target.namespaceSelector, hole.target.podSelector)
        let sources = source.pods(hole.source.namespaceSelector, hole.source.podSelector)
        for (step, from, to) in steps {
            let ingressID = ZoneRuleID(
                zone: zone.name, direction: .ingress, subject: .hole(hole.name, other: source.name))
            if let targets, !from.isEmpty {
                let rule = CompiledRule.zone(.pass, ingressID, to: from, hole.ports)
                add([rule], of: hole, .ingress, zone.name, step, targets, &policies)
            }
            let egressID = ZoneRuleID(
                zone: source.name, direction: .egress, subject: .hole(hole.name, other: zone.name))
            // Only pods have ports with names.
            let ports = step == .podHoles ? hole.ports : hole.ports.withoutNames
            if let sources, !to.isEmpty, let ports {
                let sets = ports.sets(on: to)
                let rule = CompiledRule.zone(.pass, egressID, to: to, ports, namedSets: sets)
                add([rule], of: hole, .egress, zone.name, step, sources, &policies)
            }
        }
    }

    private func add(
        _ rules: [CompiledRule], of hole: UnderstoodHole, _ direction: Direction, _ zone: String, _ step: ZoneStep,
        _ subject: PolicySubject, _ policies: inout [ZonePolicyKey: CompiledPolicy]
    ) {
        let key = ZonePolicyKey(zone: zone, step: step, hole: .init(index: hole.index, direction: direction))
        policies[key] = CompiledPolicy(
            place: place(zone, step, part: hole.index * 2 + (direction == .ingress ? 0 : 1)), subject: subject,
            ingress: direction == .ingress ? rules : nil, egress: direction == .egress ? rules : nil, diagnostics: [])
    }
}

extension UnderstoodZone {
    fileprivate func podPeers(_ narrowed: LabelSelector? = nil, _ pods: LabelSelector? = nil) -> [PeerSetDefinition] {
        self.pods(narrowed, pods).map { [.pods($0.namespaces, $0.pods)] } ?? []
    }

    fileprivate var nodePeers: [PeerSetDefinition] { nodes.map { [.nodes($0)] } ?? [] }
}

extension CompiledRule {
    /// A rule of a zone; without an id, the one that closes pods without a zone.
    fileprivate static func zone(
        _ action: RuleAction, _ id: ZoneRuleID?, to peers: [PeerSetDefinition]?, _ ports: CompiledPorts = .all,
        namedSets: [PeerSetDefinition] = []
    ) -> CompiledRule {
        CompiledRule(
            index: nil, name: nil, action: action, peers: peers, ports: ports, namedSets: namedSets, zone: id)
    }
}

extension CompiledPorts {
    /// Nil if nothing is left.
    fileprivate var withoutNames: CompiledPorts? {
        isAll || named.isEmpty ? self : numbered.isEmpty ? nil : CompiledPorts(numbered: Set(numbered), named: [])
    }
}
