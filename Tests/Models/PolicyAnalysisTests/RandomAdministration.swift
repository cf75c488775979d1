import APIMachinery
import ClusterAPI
import PolicyAnalysis
import PolicyEngine
import TestRandom

/// What is written beside NetworkPolicies: tiers, zones with holes, tenancy, egress firewalls with ranges and names.
struct RandomAdministration {
    var admins: [AdminNetworkPolicy] = []
    var baselines: [BaselineAdminNetworkPolicy] = []
    var clusters: [ClusterNetworkPolicy] = []
    var zones: [Zone] = []
    var firewalls: [EgressFirewall] = []
    /// As holes write their ends; nil while nobody knows.
    var now: String?
    var network: ClusterNetwork?
    var netNamespaces: [NetNamespace] = []
    /// How many were added: names are not used again.
    private var added = 0

    init() {}

    /// Two worlds in three have tiers, two in five a mode of the network, three in seven zones, one in two egress firewalls.
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
        if seed.isMultiple(of: 2) {
            for name in cluster.namespaceNames where cluster.random.once(in: 2) {
                firewalls.append(cluster.egressFirewall(name))
            }
        }
    }

    func enter(_ engine: inout PolicyEngine) {
        if let time = now.flatMap({ APITime($0) }) { engine.setTime(time) }
        for policy in admins { engine.upsert(policy) }
        for policy in baselines { engine.upsert(policy) }
        for policy in clusters { engine.upsert(policy) }
        for zone in zones { engine.upsert(zone) }
        for firewall in firewalls { engine.upsert(firewall) }
        if let network { engine.upsert(network) }
        for netNamespace in netNamespaces { engine.upsert(netNamespace) }
    }

    func enter(_ naive: inout NaiveSemantics) {
        (naive.admins, naive.baselines, naive.clusters) = (admins, baselines, clusters)
        (naive.zones, naive.now) = (zones, now)
        naive.firewalls = firewalls
        (naive.tenancy.network, naive.tenancy.netNamespaces) = (network, netNamespaces)
    }

    /// For the lint.
    var clusterWide: ClusterWidePolicies {
        var all = ClusterWidePolicies()
        (all.admins, all.baselines, all.clusters, all.zones) = (admins, baselines, clusters, zones)
        return all
    }

    /// Takes one rule away.
    mutating func remove(_ policy: PolicyReference, _ direction: String, _ index: Int) {
        for place in admins.indices where policy == PolicyReference(.adminNetworkPolicy, admins[place].key) {
            admins[place].spec?.remove(direction, index)
        }
        for place in baselines.indices
        where policy == PolicyReference(.baselineAdminNetworkPolicy, baselines[place].key) {
            baselines[place].spec?.remove(direction, index)
        }
        for place in clusters.indices where policy == PolicyReference(.clusterNetworkPolicy, clusters[place].key) {
            if direction == "ingress" { clusters[place].spec?.ingress?.remove(at: index) }
            if direction == "egress" { clusters[place].spec?.egress?.remove(at: index) }
        }
    }

    /// One object comes, goes or is another.
    mutating func change(_ cluster: inout RandomCluster) {
        added += 1
        switch cluster.random.below(10) {
        case 8...9 where !firewalls.isEmpty:
            let place = cluster.random.below(firewalls.count)
            firewalls[place] = cluster.egressFirewall(firewalls[place].key.namespace)
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

extension AdminNetworkPolicySpec {
    fileprivate mutating func remove(_ direction: String, _ index: Int) {
        if direction == "ingress" { ingress?.remove(at: index) }
        if direction == "egress" { egress?.remove(at: index) }
    }
}
