package import ClusterAPI

/// One change to the API.
package enum ControllerAction: Hashable, Sendable {
    case createHostSubnet(HostSubnet)
    /// Replaces addresses, subnets and the node annotation of the one that is there, if it is still this version.
    case updateHostSubnet(HostSubnet)
    /// Deletes it if it is still the object with this uid.
    case deleteHostSubnet(name: String, uid: String?)
    /// Fills an empty `spec.podCIDRs`.
    case setPodCIDRs(node: String, cidrs: [String])
    case createNetNamespace(NetNamespace)
    case deleteNetNamespace(name: String, uid: String?)
}
