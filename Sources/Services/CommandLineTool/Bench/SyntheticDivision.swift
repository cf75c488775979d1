import ClusterAPI

/// What divides a `SyntheticTiers` further: three zones with twenty holes each, and a network for every other project.
///
/// The network's mode is one that nobody knows, because that enforces the most: projects are apart, and NetworkPolicies hold.
struct SyntheticDivision {
    static let moment = "2026-06-01T00:00:00Z"
    private static let zoneNames = ["dmz", "app", "data"]

    let zones: [Zone]
    let netNamespaces: [NetNamespace]
    let network: ClusterNetwork

    init(_ world: SyntheticTiers) {
        zones = Self.zoneNames.indices.map { Self.zone($0) }
        netNamespaces = world.namespaces.indices.map { Self.netNamespace($0) }
        network = ClusterNetwork(
            clusterNetworks: [.init(cidr: "10.128.0.0/14", hostSubnetLength: 9)], pluginName: "all of it")
    }

    /// Two projects share each network, and one in a hundred is global.
    static func netNamespace(_ index: Int, movedTo id: UInt32? = nil) -> NetNamespace {
        let own = index.isMultiple(of: 100) ? 0 : UInt32(100 + index / 2)
        return NetNamespace(netname: "project-\(index)", netid: id ?? own)
    }

    /// By the hundred teams: 0–19 outside, 20–59, 60–99.
    static func zone(_ index: Int, holes: Int = 20) -> Zone {
        let teams = [0..<20, 20..<60, 60..<100][index].map { "team-\($0)" }
        return Zone(
            name: zoneNames[index],
            spec: ZoneSpec(
                order: index,
                namespaceSelector: LabelSelector(matchExpressions: [.init(key: "team", operator: .in, values: teams)]),
                nodeSelector: LabelSelector(matchLabels: ["zone": "zone-\(index)"]), cidrs: ["192.0.\(2 + index).0/24"],
                external: index == 0 ? "Allow" : "Deny", holes: (0..<holes).map { hole($0, into: index) }))
    }

    /// One in five ends some day.
    private static func hole(_ number: Int, into zone: Int) -> ZoneSpec.Hole {
        let app = LabelSelector(matchLabels: ["app": "app-\(number % 10)"])
        return ZoneSpec.Hole(
            name: "hole-\(number)", from: .init(zone: zoneNames[(zone + 1 + number % 2) % 3], podSelector: app),
            to: .init(podSelector: LabelSelector(matchLabels: ["tier": "tier-\(number % 3)"])),
            ports: [NetworkPolicyPort(port: .int(8000 + number))], owner: "net team", reason: "to be measured",
            expires: number.isMultiple(of: 5) ? "2026-07-01T00:00:00Z" : nil)
    }
}
