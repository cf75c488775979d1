package import NetworkTypes

/// What one node has of the pod network: its own addresses, the subnets its pods live in, and the packet size.
package struct NodeNetwork: Hashable, Sendable {
    package var name: String
    /// The node's InternalIPs, primary family first; the first is the VXLAN endpoint.
    package var hostAddresses: [IPAddress]
    /// The pod subnets that HostSubnet gives to this node, primary family first.
    package var subnets: [CIDR]
    /// The largest IP packet that a pod may send, in bytes: what the underlay carries less the VXLAN header.
    package var podMTU: Int

    package init(name: String, hostAddresses: [IPAddress], subnets: [CIDR], podMTU: Int) {
        self.name = name
        self.hostAddresses = hostAddresses
        self.subnets = subnets
        self.podMTU = podMTU
    }

    /// The address that other nodes send VXLAN packets to; nil while the node has none.
    package var tunnelEndpoint: IPAddress? { hostAddresses.first }

    /// The node's first address of a family.
    package func hostAddress(_ family: IPAddress.Family) -> IPAddress? {
        hostAddresses.first { $0.family == family }
    }
}
