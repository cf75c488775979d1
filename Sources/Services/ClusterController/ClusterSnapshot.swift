package import ClusterAPI

/// All that the controller knows of the cluster: what `ClusterPlan` is made from.
package struct ClusterSnapshot: Hashable, Sendable {
    package var networks: Mirror<ClusterNetwork>
    package var nodes: Mirror<Node>
    package var hostSubnets: Mirror<HostSubnet>
    package var namespaces: Mirror<Namespace>
    package var netNamespaces: Mirror<NetNamespace>

    package init(
        networks: Mirror<ClusterNetwork> = Mirror(), nodes: Mirror<Node> = Mirror(),
        hostSubnets: Mirror<HostSubnet> = Mirror(), namespaces: Mirror<Namespace> = Mirror(),
        netNamespaces: Mirror<NetNamespace> = Mirror()
    ) {
        self.networks = networks
        self.nodes = nodes
        self.hostSubnets = hostSubnets
        self.namespaces = namespaces
        self.netNamespaces = netNamespaces
    }

    /// Nothing is known yet.
    package static let unknown = ClusterSnapshot(
        networks: .unknown, nodes: .unknown, hostSubnets: .unknown, namespaces: .unknown, netNamespaces: .unknown)

    /// True once every list has been seen.
    ///
    /// Nothing is decided before: what is not known yet would look deleted.
    package var isComplete: Bool {
        networks.isComplete && nodes.isComplete && hostSubnets.isComplete && namespaces.isComplete
            && netNamespaces.isComplete
    }
}
