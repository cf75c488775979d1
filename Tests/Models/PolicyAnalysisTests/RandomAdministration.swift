import APIMachinery
import ClusterAPI
import PolicyEngine
import TestRandom

/// What cluster administrators write beside the tenants' NetworkPolicies: tiers, zones with holes, tenancy.
struct RandomAdministration {
    var admins: [AdminNetworkPolicy] = []
    var baselines: [BaselineAdminNetworkPolicy] = []
    var clusters: [ClusterNetworkPolicy] = []
    var zones: [Zone] = []
    /// As holes write their ends; nil while nobody knows.
    var now: String?
    var network: ClusterNetwork?
    var netNamespaces: [NetNamespace] = []
    /// How many were added: names are not used again.
    private var added = 0

    init() {}

    /// Two worlds in three have tiers, two in five a mode of the network, three in seven zones.
    init(_ cluster: inout RandomCluster, seed: UInt64) {
        if !seed.isMultiple(of: 3) {
            for index in 0..<cluster.random.below(3) { admins.append(cluster.adminPolicy("anp\(index)")) }
            for index in 0..<cluster.random.below(3) { clusters.append(cluster.clusterPolicy("cnp\(index)")) }
            if cluster.random.once(in: 2) { baselines.append(cluster.baselinePolicy()) }
        }
        if seed % 5 < 2 {
            network = cluster.clusterNetwork()
            for name in cluster.namespaceNames where !cluster.random.once(in: 5) {
                netNamespaces.append(cluster.netNamespace(name))
            }
        }
        if seed % 7 < 3 {
            zones = cluster.zones()
            now = cluster.moment()
        }
    }

    func enter(_ engine: inout PolicyEngine) {
        if let time = now.flatMap({ APITime($0) }) { engine.setTime(time) }
        for policy in admins { engine.upsert(policy) }
        for policy in baselines { engine.upsert(policy) }
        for policy in clusters { engine.upsert(policy) }
        for zone in zones { engine.upsert(zone) }
        if let network { engine.upsert(network) }
        for netNamespace in netNamespaces { engine.upsert(netNamespace) }
    }

    func enter(_ naive: inout NaiveSemantics) {
        (naive.admins, naive.baselines, naive.clusters) = (admins, baselines, clusters)
        (naive.zones, naive.now) = (zones, now)
        (naive.tenancy.network, naive.tenancy.netNamespaces) = (network, netNamespaces)
    }

    /// One object comes, goes or is another.
    mutating func change(_ cluster: inout RandomCluster) {
        added += 1
        switch cluster.random.below(8) {
        case 0 where !admins.isEmpty: admins.remove(at: cluster.random.below(admins.count))
        case 1 where !clusters.isEmpty: clusters.remove(at: cluster.random.below(clusters.count))
        case 2: baselines = baselines.isEmpty ? [cluster.baselinePolicy()] : []
        case 3 where !zones.isEmpty:
            let place = cluster.random.below(zones.count)
            zones[place] = cluster.zone(zones[place].key.name)
        case 4 where !zones.isEmpty: zones.removeLast()
        case 5 where !netNamespaces.isEmpty:
            let place = cluster.random.below(netNamespaces.count)
            netNamespaces[place] = cluster.netNamespace(netNamespaces[place].key.name)
        case 6 where network != nil: network = cluster.clusterNetwork()
        case 7: clusters.append(cluster.clusterPolicy("added\(added)"))
        default: admins.append(cluster.adminPolicy("added\(added)"))
        }
    }
}
