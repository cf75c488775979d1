import ClusterAPI
import TestRandom

/// Zones that often divide the namespaces well, and sometimes overlap, leave some out or are broken.
extension RandomCluster {
    var zoneNames: [String] { ["za", "zb", "zc", "zd"] }

    mutating func zones() -> [Zone] {
        (0..<(1 + random.below(4))).map { zone(zoneNames[$0]) }
    }

    /// The moments at which holes end, and some between; nil when nobody says.
    mutating func moment() -> String? {
        random.pick([
            nil, "2026-05-01T00:00:00Z", "2026-06-01T00:00:00Z", "2026-06-15T00:00:00Z", "2026-07-01T00:00:00Z",
        ])
    }

    mutating func zone(_ name: String) -> Zone {
        let index = zoneNames.firstIndex(of: name) ?? 0
        var spec = ZoneSpec(order: random.once(in: 20) ? nil : random.below(6))
        spec.namespaceSelector = zoneNamespaces(index)
        if random.once(in: 2) { spec.nodeSelector = random.once(in: 3) ? zoneSelector() : byLabel("env", index) }
        if random.once(in: 2) { spec.cidrs = (0...random.below(2)).map { _ in zoneNetwork(index) } }
        spec.external = random.pick(["Allow", "Allow", "Deny", nil])
        if random.once(in: 30) { spec.external = "Maybe" }
        if random.once(in: 3) {
            spec.externalNames = [random.pick(["*.example.com", "**.example.com", "www.example.org"])]
        }
        if !random.once(in: 4) { spec.holes = (0...random.below(3)).map { _ in hole(into: name) } }
        return Zone(name: name, spec: random.once(in: 40) ? nil : spec)
    }

    private mutating func zoneNamespaces(_ index: Int) -> LabelSelector? {
        switch random.below(12) {
        case 0: return nil
        case 1: return LabelSelector()
        case 2: return LabelSelector(matchExpressions: [.init(key: "env", operator: .unknown("Near"))])
        case 3: return LabelSelector(matchExpressions: [.init(key: "tier", operator: .notIn, values: ["x"])])
        case 4...6: return byLabel("app", index)
        default:
            let name = index < 3 ? namespaceNames[index] : "d"
            return LabelSelector(matchLabels: ["kubernetes.io/metadata.name": name])
        }
    }

    private mutating func zoneNetwork(_ index: Int) -> String {
        if random.once(in: 4) {
            return random.pick([
                "10.0.0.0/8", "0.0.0.0/0", "192.168.0.0/30", "fd00::/8", "10.0.0.0/99", "2001:db8::1/128",
            ])
        }
        return ["198.51.100.0/24", "203.0.113.0/31", "2001:db8::/64", "192.168.0.2/31"][index]
    }

    private func byLabel(_ key: String, _ index: Int) -> LabelSelector {
        LabelSelector(matchLabels: [key: ["x", "y", "z", "other"][index]])
    }

    private mutating func zoneSelector() -> LabelSelector {
        let key = random.pick(["app", "tier", "env"])
        switch random.below(14) {
        case 0...1: return LabelSelector()
        case 2...5: return LabelSelector(matchLabels: [key: random.pick(["x", "y", "z"])])
        case 6...8: return LabelSelector(matchExpressions: [.init(key: key, operator: .in, values: ["x", "y"])])
        case 9...10: return LabelSelector(matchExpressions: [.init(key: key, operator: .notIn, values: ["z"])])
        case 11...12: return LabelSelector(matchExpressions: [.init(key: key, operator: .exists)])
        default: return LabelSelector(matchExpressions: [.init(key: key, operator: .in, values: [])])
        }
    }

    private mutating func hole(into zone: String) -> ZoneSpec.Hole {
        var source = ZoneSpec.Source(
            zone: random.once(in: 20) ? random.pick([zone, "zx", nil]) : random.pick(zoneNames))
        if random.once(in: 4) { source.namespaceSelector = zoneSelector() }
        if random.once(in: 3) { source.podSelector = zoneSelector() }
        var target: ZoneSpec.Target?
        if random.once(in: 2) { target = ZoneSpec.Target() }
        if target != nil, random.once(in: 4) { target?.namespaceSelector = zoneSelector() }
        if target != nil, random.once(in: 2) { target?.podSelector = zoneSelector() }
        var hole = ZoneSpec.Hole(from: source, to: target, owner: "net team", reason: "needed")
        if random.once(in: 2) { hole.ports = (0...random.below(2)).map { _ in holePort() } }
        if random.once(in: 3) { hole.expires = random.pick(["2026-06-01T00:00:00Z", "2026-07-01T00:00:00Z"]) }
        switch random.below(40) {
        case 0: hole.owner = ""
        case 1: hole.reason = nil
        case 2: hole.expires = "soon"
        case 3: hole.from = nil
        case 4: hole.ports = []
        default: break
        }
        return hole
    }

    private mutating func holePort() -> NetworkPolicyPort {
        let transport = random.pick(["TCP", "UDP", "SCTP", nil])
        switch random.below(8) {
        case 0: return NetworkPolicyPort(protocol: transport)
        case 1...2: return NetworkPolicyPort(protocol: transport, port: .string(random.pick(["http", "dns"])))
        case 3: return NetworkPolicyPort(protocol: transport, port: .int(80), endPort: 443)
        case 4 where random.once(in: 4): return NetworkPolicyPort(protocol: "ICMP", port: .int(0))
        default: return NetworkPolicyPort(protocol: transport, port: .int(random.pick([80, 53, 8080])))
        }
    }
}
