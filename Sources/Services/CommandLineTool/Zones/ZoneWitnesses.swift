import APIMachinery
import ClusterAPI
import NetworkTypes
import PolicyEngine

/// One end for every kind of end that zones and holes tell apart, and the reading of the objects that the engine is held
/// against.
struct ZoneWitnesses {
    struct End {
        let party: Party
        let pod: Pod?
    }

    private let world: ZoneWorld
    private var byZone: [String: [End]] = [:]
    private var outside: [End] = []
    private var namespaceLabels: [String: [String: String]] = [:]
    /// Every numbered port that a hole names, one that none does, and ICMP.
    private(set) var ports: [(TransportProtocol, UInt16?)] = [(.tcp, 9), (.icmp, nil)]

    /// The place of pods that are in no zone or in several, which are closed to everybody; no zone can have such a name.
    static let noOneZone = "(no zone or two)"
    var hasStrays: Bool { byZone[Self.noOneZone] != nil }

    /// At most so many of each zone: what is left out is said.
    static let limit = 60
    private(set) var isCut = false

    init(_ world: ZoneWorld) {
        self.world = world
        ports += Self.namedPorts(world)
        addPods()
        addHosts()
        for (zone, ends) in byZone where ends.count > Self.limit {
            byZone[zone] = Array(ends.prefix(Self.limit))
            isCut = true
        }
    }

    func of(_ zone: String?) -> [End] { zone.map { byZone[$0] ?? [] } ?? outside }

    private static func namedPorts(_ world: ZoneWorld) -> [(TransportProtocol, UInt16?)] {
        var found: [PortMatch] = []
        for (zone, _) in world.zones {
            for port in (zone.spec?.holes ?? []).flatMap({ $0.ports ?? [] }) {
                guard let transport = TransportProtocol(rawValue: port.protocol ?? "TCP") else { continue }
                for pod in world.livingPods.prefix(port.port.isName ? Int.max : 1) {
                    for number in pod.numbers(port) {
                        let match = PortMatch(transport, PortRange(number))
                        if !found.contains(match) { found.append(match) }
                    }
                }
            }
        }
        return found.prefix(40).map { ($0.transport, $0.range.first) }
    }

    private mutating func addPods() {
        let keys = Set(
            world.zones.flatMap { zone, _ in
                (zone.spec?.holes ?? []).flatMap { hole in
                    [
                        hole.from?.namespaceSelector, hole.to?.namespaceSelector, hole.from?.podSelector,
                        hole.to?.podSelector,
                    ]
                    .flatMap { $0?.keys ?? [] }
                }
            })
        var seen: Set<[String]> = []
        for pod in world.livingPods {
            let name = pod.key.namespace
            let zones = world.engine.zones(ofNamespace: name)
            guard zones.count == 1 else {
                // One of each namespace: that is what such pods are told apart by.
                if seen.insert([Self.noOneZone, name]).inserted {
                    byZone[Self.noOneZone, default: []].append(End(party: .pod(pod.key), pod: pod))
                }
                continue
            }
            let labels = world.engine.labels(ofNamespace: name)
            namespaceLabels[name] = labels
            let kind =
                [zones[0]] + keys.sorted().flatMap { [labels[$0] ?? "\u{0}", pod.labels[$0] ?? "\u{0}"] }
                + pod.ports.map { "\($0.name ?? "") \($0.containerPort)" }
            if seen.insert(kind).inserted { byZone[zones[0], default: []].append(End(party: .pod(pod.key), pod: pod)) }
        }
    }

    private mutating func addHosts() {
        let ofNodes = world.nodes.flatMap { ($0.status?.addresses ?? []).compactMap { IPAddress($0.address) } }
        let ofBlocks = world.zones.flatMap { zone, _ in (zone.spec?.cidrs ?? []).compactMap { CIDR($0)?.address } }
        let documentation = ["192.0.2.1", "198.51.100.1", "203.0.113.1", "2001:db8::1"].compactMap { IPAddress($0) }
        var seen: Set<IPAddress> = []
        for address in ofNodes + ofBlocks + documentation where seen.insert(address).inserted {
            guard !world.engine.isPod(address) else { continue }
            let zones = world.engine.zones(ofHost: address)
            if zones.isEmpty { outside.append(End(party: .address(address), pod: nil)) }
            if zones.count == 1 { byZone[zones[0], default: []].append(End(party: .address(address), pod: nil)) }
        }
    }

    /// Whether the objects leave it to lower tiers.
    func mayPass(
        _ from: End, _ source: String?, _ to: End, _ target: String?, _ transport: TransportProtocol, _ port: UInt16?
    ) -> Bool {
        if [source, target].contains(Self.noOneZone) { return false }
        guard let source, let target else {
            let zone = world.zones.first { $0.zone.key.name == source ?? target }?.zone
            return zone?.spec?.external == "Allow" && world.zones.allSatisfy { $0.zone.hasReadableMembers }
        }
        if source == target { return true }
        let holes = world.zones.first { $0.zone.key.name == target }?.zone.spec?.holes ?? []
        return holes.enumerated().contains { index, hole in
            guard hole.from?.zone == source, case .open = world.engine.hole(index, of: target) else { return false }
            if let end = hole.expires.flatMap({ APITime($0) }), end <= world.time { return false }
            return fits(from, hole.from?.namespaceSelector, hole.from?.podSelector)
                && fits(to, hole.to?.namespaceSelector, hole.to?.podSelector)
                && ((hole.ports ?? []).isEmpty
                    || (hole.ports ?? []).contains { $0.admits(transport, port, on: to.pod) })
        }
    }

    private func fits(_ end: End, _ namespaces: LabelSelector?, _ pods: LabelSelector?) -> Bool {
        if namespaces == nil, pods == nil { return true }
        guard let pod = end.pod else { return false }
        return namespaces?.matches(namespaceLabels[pod.key.namespace] ?? [:]) ?? true
            && pods?.matches(pod.labels) ?? true
    }
}

extension Zone {
    fileprivate var hasReadableMembers: Bool {
        let parts = ["spec.namespaceSelector", "spec.nodeSelector", "spec.cidrs"]
        return spec != nil
            && !ZoneValidation.errors(in: self).contains { error in
                !error.isAboutSize && parts.contains { error.field.hasPrefix($0) }
            }
    }
}

extension LabelSelector {
    fileprivate var keys: [String] { Array((matchLabels ?? [:]).keys) + (matchExpressions ?? []).map(\.key) }
}

extension IntOrString? {
    fileprivate var isName: Bool {
        if case .string? = self { true } else { false }
    }
}

extension Pod {
    /// The numbers that an entry of a hole means on this pod.
    fileprivate func numbers(_ port: NetworkPolicyPort) -> [UInt16] {
        switch port.port {
        case nil: return []
        case .int(let number): return [number, port.endPort ?? number].compactMap { UInt16(exactly: $0) }
        case .string(let name):
            return ports.filter { $0.name == name && ($0.protocol ?? "TCP") == (port.protocol ?? "TCP") }
                .compactMap { UInt16(exactly: $0.containerPort) }
        }
    }
}

extension NetworkPolicyPort {
    fileprivate func admits(_ transport: TransportProtocol, _ number: UInt16?, on pod: Pod?) -> Bool {
        guard (self.protocol ?? "TCP") == transport.rawValue else { return false }
        guard port != nil else { return true }
        guard let number else { return false }
        if case .int(let first)? = port { return first <= Int(number) && Int(number) <= endPort ?? first }
        return pod?.numbers(self).contains(number) ?? false
    }
}
