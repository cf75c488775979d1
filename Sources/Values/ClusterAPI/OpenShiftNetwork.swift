private func openShift(_ kind: String, _ plural: String) -> ResourceType {
    ResourceType(group: "network.openshift.io", version: "v1", kind: kind, plural: plural, isNamespaced: false)
}

/// network.openshift.io/v1 ClusterNetwork: the object named `default` describes the pod network.
package struct ClusterNetwork: APIObject {
    package static let resource = openShift("ClusterNetwork", "clusternetworks")

    package var metadata: ObjectMeta
    /// The oldest form: one network and host bits per node; `clusterNetworks` goes before it.
    package var network: String?
    package var hostsubnetlength: Int?
    package var serviceNetwork: String?
    package var pluginName: String?
    package var clusterNetworks: [Entry]?
    package var vxlanPort: Int?
    package var mtu: Int?

    package init(
        name: String = "default", clusterNetworks: [Entry], serviceNetwork: String? = nil, pluginName: String? = nil
    ) {
        metadata = ObjectMeta(name: name)
        self.clusterNetworks = clusterNetworks
        self.serviceNetwork = serviceNetwork
        self.pluginName = pluginName
    }

    /// One range and the number of host bits that each node gets of it (8 means a /24 of an IPv4 range).
    package struct Entry: Codable, Hashable, Sendable {
        package var cidr: String
        package var hostSubnetLength: Int

        package init(cidr: String, hostSubnetLength: Int) {
            self.cidr = cidr
            self.hostSubnetLength = hostSubnetLength
        }

        private enum CodingKeys: String, CodingKey {
            case cidr = "CIDR"
            case hostSubnetLength
        }
    }

    /// The ranges in the order of allocation, whichever form the object was written in.
    package var entries: [Entry] {
        if let clusterNetworks, !clusterNetworks.isEmpty { return clusterNetworks }
        guard let network, let hostsubnetlength else { return [] }
        return [Entry(cidr: network, hostSubnetLength: hostsubnetlength)]
    }
}

/// network.openshift.io/v1 HostSubnet, named after its node.
///
/// OpenShift knew IPv4 only; `subnets` and `hostIPs` are Gabion's additions for both families, primary first, and repeat
/// `subnet` and `hostIP` as their first element.
package struct HostSubnet: APIObject {
    package static let resource = openShift("HostSubnet", "hostsubnets")

    package var metadata: ObjectMeta
    package var host: String
    /// The VXLAN endpoint.
    package var hostIP: String
    package var subnet: String
    package var egressIPs: [String]?
    package var egressCIDRs: [String]?
    package var subnets: [String]?
    package var hostIPs: [String]?

    package init(host: String, hostIPs: [String], subnets: [String]) {
        metadata = ObjectMeta(name: host)
        self.host = host
        hostIP = hostIPs.first ?? ""
        subnet = subnets.first ?? ""
        self.hostIPs = hostIPs
        self.subnets = subnets
    }

    package var allSubnets: [String] { subnets ?? [subnet] }
    package var allHostIPs: [String] { hostIPs ?? [hostIP] }
}

/// network.openshift.io/v1 NetNamespace, named after its namespace.
package struct NetNamespace: APIObject {
    package static let resource = openShift("NetNamespace", "netnamespaces")

    package var metadata: ObjectMeta
    package var netname: String
    /// 0 to 2²⁴ − 1.
    package var netid: UInt32
    package var egressIPs: [String]?

    package init(netname: String, netid: UInt32) {
        metadata = ObjectMeta(name: netname)
        self.netname = netname
        self.netid = netid
    }
}
