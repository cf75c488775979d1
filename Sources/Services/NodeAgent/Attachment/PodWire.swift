package import NetworkTypes

/// The veth pair of one pod, and what its inner end carries.
package struct PodWire: Hashable, Sendable {
    package var hostInterface: String
    package var namespacePath: String
    /// The name inside the pod.
    package var interfaceName: String
    /// The MAC address inside the pod.
    package var mac: MACAddress
    package var addresses: [IPAddress]
    package var mtu: Int
    /// Text on the host's interface, for the person who reads `ip link`.
    package var alias: String

    package init(
        hostInterface: String, namespacePath: String, interfaceName: String, mac: MACAddress, addresses: [IPAddress],
        mtu: Int, alias: String
    ) {
        self.hostInterface = hostInterface
        self.namespacePath = namespacePath
        self.interfaceName = interfaceName
        self.mac = mac
        self.addresses = addresses
        self.mtu = mtu
        self.alias = alias
    }

    /// Every pod sees the same gateway MAC: the pair is a point-to-point link, nobody else is on it.
    package static let gatewayMAC = MACAddress(bits: 0x0A58_A9FE_0101)

    /// The link-local next hop of a pod's default route; no interface carries it, a permanent neighbour entry leads there.
    package static func gateway(_ family: IPAddress.Family) -> IPAddress {
        switch family {
        case .v4: IPAddress(v4: 0xA9FE_0101)
        case .v6: IPAddress(family: .v6, bits: UInt128(0xFE80) << 112 | 1)
        }
    }
}

/// The kernel's side of attaching: make a pod's veth pair, take it away, look whether it is as it was made.
package protocol PodWiring: Sendable {
    /// Makes the pair and configures the pod's end: addresses, gateway, neighbours, loopback. A leftover of the same
    /// name is replaced. On failure nothing of it remains.
    func connect(_ wire: PodWire) async throws

    /// Removes the pair; a missing one is fine.
    func disconnect(hostInterface: String) async throws

    /// What differs from how `connect` left it, in words; empty when all is well.
    func faults(of wire: PodWire) async throws -> [String]

    /// The pod interfaces of this node that exist now.
    func hostInterfaces() async throws -> Set<String>
}
