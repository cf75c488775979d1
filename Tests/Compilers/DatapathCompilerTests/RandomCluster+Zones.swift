import ClusterAPI
import TestRandom

/// Zones over the three namespaces, the other node and hosts outside.
extension RandomCluster {
    mutating func addZones() {
        for (number, name) in Self.namespaces.enumerated() {
            // Now and then a namespace without a zone, or in two.
            if random.once(in: 8) { continue }
            var spec = ZoneSpec(order: number)
            spec.namespaceSelector = LabelSelector(matchLabels: [
                "kubernetes.io/metadata.name": random.once(in: 12) ? random.pick(Self.namespaces) : name
            ])
            if random.once(in: 3) { spec.nodeSelector = LabelSelector(matchLabels: ["zone": random.pick(["a", "b"])]) }
            if random.once(in: 2) {
                spec.cidrs = [random.pick(["203.0.113.0/25", "0.0.0.0/0", "2001:db8::/32", "10.128.0.0/14"])]
            }
            spec.external = random.pick(["Allow", "Deny"])
            spec.holes = (0..<random.below(5)).map { _ in hole() }
            zones.append(Zone(name: "zone-\(name)", spec: spec))
        }
    }

    private mutating func hole() -> ZoneSpec.Hole {
        var hole = ZoneSpec.Hole(
            from: .init(zone: "zone-" + random.pick(Self.namespaces)), owner: "net", reason: "needed")
        if random.once(in: 2) { hole.from?.podSelector = selector() }
        if random.once(in: 2) { hole.to = .init(podSelector: selector()) }
        if !random.once(in: 3) {
            hole.ports = (0...random.below(2)).map { _ in
                switch random.below(4) {
                case 0: NetworkPolicyPort(protocol: "TCP", port: .string("web"))
                case 1: NetworkPolicyPort(protocol: random.pick(["TCP", "UDP"]), port: .int(80), endPort: 8000)
                default: NetworkPolicyPort(port: .int(random.pick(Self.ports)))
                }
            }
        }
        return hole
    }
}
