/// The pods that a cluster-wide policy is about (policy.networking.k8s.io); exactly one field is set.
///
/// Host-network pods are never among them.
package struct ClusterPolicySubject: Codable, Hashable, Sendable {
    /// Every pod of these namespaces.
    package var namespaces: LabelSelector?
    package var pods: NamespacedPods?

    package init(namespaces: LabelSelector? = nil, pods: NamespacedPods? = nil) {
        self.namespaces = namespaces
        self.pods = pods
    }
}

/// Pods by their labels and those of their namespace; both selectors must match, an empty one matches all.
package struct NamespacedPods: Codable, Hashable, Sendable {
    package var namespaceSelector: LabelSelector?
    package var podSelector: LabelSelector?

    package init(namespaceSelector: LabelSelector? = nil, podSelector: LabelSelector? = nil) {
        self.namespaceSelector = namespaceSelector
        self.podSelector = podSelector
    }
}

/// The other end of a rule of a cluster-wide policy; exactly one field is set.
///
/// None set means a kind of peer too new for us. `nodes`, `networks` and `domainNames` are for egress only.
package struct ClusterPolicyPeer: Codable, Hashable, Sendable {
    /// Every pod of these namespaces.
    package var namespaces: LabelSelector?
    package var pods: NamespacedPods?
    /// Nodes by their labels: all of their `status.addresses`.
    package var nodes: LabelSelector?
    /// CIDRs; pods and nodes inside them are meant too.
    package var networks: [String]?
    /// Names, or `*.` and a name for everything below it.
    package var domainNames: [String]?

    package init(
        namespaces: LabelSelector? = nil, pods: NamespacedPods? = nil, nodes: LabelSelector? = nil,
        networks: [String]? = nil, domainNames: [String]? = nil
    ) {
        self.namespaces = namespaces
        self.pods = pods
        self.nodes = nodes
        self.networks = networks
        self.domainNames = domainNames
    }
}
