import ClusterAPI
import NetworkTypes
import PolicyEngine

/// A second reading of the modes and of the projects' ids, word by word, without shared code.
struct NaiveTenancy {
    var network: ClusterNetwork?
    var netNamespaces: [NetNamespace] = []

    private var name: String { network?.pluginName ?? "" }
    private var isFlat: Bool { ["subnet", "redhat/openshift-ovs-subnet"].contains(name) }
    private var isMultitenant: Bool { ["multitenant", "redhat/openshift-ovs-multitenant"].contains(name) }
    private var isKnown: Bool {
        isFlat || isMultitenant || ["", "networkpolicy", "redhat/openshift-ovs-networkpolicy"].contains(name)
    }

    var hasNetworkPolicies: Bool { !isFlat && !isMultitenant }

    private func id(_ project: String?) -> UInt32? {
        netNamespaces.first { $0.metadata.name == project && $0.netname == project && $0.netid < 16_777_216 }?.netid
    }

    /// Whether a pod and the other end belong to different projects that do not share a network.
    func separates(_ pod: Pod, _ end: NaiveSemantics.End) -> Bool {
        if isKnown && !isMultitenant { return false }
        let own = pod.metadata.namespace
        if let other = end.pod?.metadata.namespace {
            if other == own { return false }
            guard let one = id(own), let two = id(other) else { return true }
            return one != two && one != 0 && two != 0
        }
        // An address that may be a pod's that nobody has told of.
        guard id(own) != 0, let address = end.address else { return false }
        return isInPodRanges(address)
    }

    func isInPodRanges(_ address: IPAddress) -> Bool {
        (network?.clusterNetworks ?? []).contains { CIDR($0.cidr)?.contains(address) == true }
    }
}
