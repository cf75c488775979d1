/// The collections that a node's state is made of.
package enum WatchedKind: String, Hashable, Sendable, CaseIterable {
    case pods
    case namespaces
    case networkPolicies = "networkpolicies"
    case adminNetworkPolicies = "adminnetworkpolicies"
    case baselineAdminNetworkPolicies = "baselineadminnetworkpolicies"
    case clusterNetworkPolicies = "clusternetworkpolicies"
    case egressFirewalls = "egressfirewalls"
    case egressNetworkPolicies = "egressnetworkpolicies"
    case metadataAccesses = "metadataaccesses"
    case zones
    case stagedPolicies = "stagedpolicies"
    case clusterStagedPolicies = "clusterstagedpolicies"
    case nodes
    case hostSubnets = "hostsubnets"
    case clusterNetworks = "clusternetworks"
    case netNamespaces = "netnamespaces"
    case services
    case endpointSlices = "endpointslices"
    case externalIPPolicies = "externalippolicies"
    case egressIPs = "egressips"
    case egressNodes = "egressnodes"

    /// What the rules are made of: nothing is applied before all of these are known.
    ///
    /// Staged policies are not among them: whoever only tries something must not hold up a node.
    static let enforced = allCases.filter { $0 != .stagedPolicies && $0 != .clusterStagedPolicies }
}
