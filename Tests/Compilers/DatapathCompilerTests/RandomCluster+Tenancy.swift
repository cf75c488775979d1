import ClusterAPI
import TestRandom

extension RandomCluster {
    /// Multitenant for the most part, and now and then a project without an id.
    mutating func addTenancy() {
        mode = random.pick(["multitenant", "multitenant", "multitenant", "subnet", "networkpolicy", "sideways"])
        for name in Self.namespaces where !random.once(in: 6) {
            netNamespaces.append(NetNamespace(netname: name, netid: random.pick([0, 10, 10, 11, 12])))
        }
    }
}
