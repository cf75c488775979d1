package import ClusterAPI
package import NetworkTypes

/// A pod's connection to this node, made by CNI ADD: which interface leads to it and which addresses it was given.
///
/// It is the truth about a local pod's addresses; `status.podIPs` follows later and may lag.
package struct PodAttachment: Hashable, Sendable, Codable {
    package var pod: ObjectKey
    /// The pod's UID if the runtime told it: distinguishes a pod from its successor of the same name.
    package var podUID: String?
    package var containerID: String
    /// The host side of the veth pair: `gab` and twelve hash digits.
    package var interface: String
    /// The pod's addresses, primary family first, at most one of each family.
    package var addresses: [IPAddress]
    /// The MAC address of the pod's side.
    package var mac: MACAddress
    /// Ports of the node that lead to the pod.
    package var hostPorts: [HostPort]
    package var bandwidth: PodBandwidth

    package init(
        pod: ObjectKey, podUID: String? = nil, containerID: String, interface: String, addresses: [IPAddress],
        mac: MACAddress, hostPorts: [HostPort] = [], bandwidth: PodBandwidth = .unlimited
    ) {
        self.hostPorts = hostPorts
        self.bandwidth = bandwidth
        self.pod = pod
        self.podUID = podUID
        self.containerID = containerID
        self.interface = interface
        self.addresses = addresses
        self.mac = mac
    }

    private enum CodingKeys: String, CodingKey {
        case namespace, name, podUID, containerID, interface, addresses, mac, hostPorts, bandwidth
    }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        pod = ObjectKey(
            namespace: try container.decode(String.self, forKey: .namespace),
            name: try container.decode(String.self, forKey: .name))
        podUID = try container.decodeIfPresent(String.self, forKey: .podUID)
        containerID = try container.decode(String.self, forKey: .containerID)
        interface = try container.decode(String.self, forKey: .interface)
        addresses = try container.decode([IPAddress].self, forKey: .addresses)
        mac = try container.decode(MACAddress.self, forKey: .mac)
        hostPorts = try container.decodeIfPresent([HostPort].self, forKey: .hostPorts) ?? []
        bandwidth = try container.decodeIfPresent(PodBandwidth.self, forKey: .bandwidth) ?? .unlimited
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(pod.namespace, forKey: .namespace)
        try container.encode(pod.name, forKey: .name)
        try container.encodeIfPresent(podUID, forKey: .podUID)
        try container.encode(containerID, forKey: .containerID)
        try container.encode(interface, forKey: .interface)
        try container.encode(addresses, forKey: .addresses)
        try container.encode(mac, forKey: .mac)
        if !hostPorts.isEmpty { try container.encode(hostPorts, forKey: .hostPorts) }
        if bandwidth != .unlimited { try container.encode(bandwidth, forKey: .bandwidth) }
    }
}
