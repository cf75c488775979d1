package import NetworkTypes

/// Another node of the cluster, as the overlay needs to know it.
package struct RemoteNode: Hashable, Sendable {
    package var name: String
    /// Its InternalIPs, primary family first; the first is its VXLAN endpoint.
    package var hostAddresses: [IPAddress]
    /// Its pod subnets; empty while the controller has not yet allocated any.
    package var subnets: [CIDR]

    package init(name: String, hostAddresses: [IPAddress], subnets: [CIDR]) {
        self.name = name
        self.hostAddresses = hostAddresses
        self.subnets = subnets
    }

    package var tunnelEndpoint: IPAddress? { hostAddresses.first }

    /// The MAC address of its VXLAN interface: every node derives it alike, so that nobody has to ask for it.
    package var tunnelMAC: MACAddress? { tunnelEndpoint.map(MACAddress.init(derivedFrom:)) }
}
