import ClusterAPI
import TestRandom

extension RandomCluster {
    /// Ranges with all pods, with some of them, or with none.
    mutating func clusterNetwork() -> ClusterNetwork {
        let ranges = random.pick([["10.0.0.0/28", "fd01::/124"], ["10.0.0.0/29"], ["fd01::/64"], []])
        return ClusterNetwork(
            clusterNetworks: ranges.map { .init(cidr: $0, hostSubnetLength: 2) },
            pluginName: random.pick([
                "redhat/openshift-ovs-multitenant", "multitenant", "multitenant", "redhat/openshift-ovs-subnet",
                "subnet",
                "redhat/openshift-ovs-networkpolicy", "networkpolicy", "", nil, "OVNKubernetes",
            ]))
    }

    mutating func netNamespace(_ name: String) -> NetNamespace {
        var made = NetNamespace(netname: name, netid: random.pick([0, 10, 10, 10, 11, 11, 12, 1 << 24]))
        if random.once(in: 20) { made.netname = "other" }
        return made
    }
}
