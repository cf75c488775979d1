/// The collections that a node's state is made of.
package enum WatchedKind: String, Hashable, Sendable, CaseIterable {
    case pods
    case namespaces
    case networkPolicies = "networkpolicies"
    case adminNetworkPolicies = "adminnetworkpolicies"
    case baselineAdminNetworkPolicies = "baselineadminnetworkpolicies"
    case clusterNetworkPolicies = "clusternetworkpolicies"
    case zones
    case nodes
    case hostSubnets = "hostsubnets"
    case clusterNetworks = "clusternetworks"
    case netNamespaces = "netnamespaces"
}
