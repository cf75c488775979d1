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
    /// Sets the id of the one that is there and takes the request away, if it is still this version.
    case moveNetNamespace(NetNamespace)
}

extension ControllerAction: CustomStringConvertible {
    /// What is done, on what, with what: one short line for the log.
    package var description: String {
        switch self {
        case .createHostSubnet(let made): "create HostSubnet \(made.summary)"
        case .updateHostSubnet(let made): "update HostSubnet \(made.summary)"
        case .deleteHostSubnet(let name, _): "delete HostSubnet \(name)"
        case .setPodCIDRs(let node, let cidrs): "set podCIDRs of Node \(node) to \(cidrs.joined(separator: ","))"
        case .createNetNamespace(let made): "create NetNamespace \(made.key.name) with id \(made.netid)"
        case .deleteNetNamespace(let name, _): "delete NetNamespace \(name)"
        case .moveNetNamespace(let moved): "move NetNamespace \(moved.key.name) to id \(moved.netid)"
        }
    }
}

extension HostSubnet {
    fileprivate var summary: String {
        "\(key.name) at \(allHostIPs.joined(separator: ",")) with \(allSubnets.joined(separator: ","))"
    }
}
