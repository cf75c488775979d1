package import LinkState
package import NetworkTypes

/// The pair of interfaces between a pod and its node, as docs/DESIGN.md "Addresses" has it.
package struct PodInterface: Hashable, Sendable {
    /// The node's end; begins with `gab`.
    package var hostName: String
    package var hostMAC: MACAddress
    /// The pod's end.
    package var podName: String
    package var podMAC: MACAddress
    /// The pod's namespace file.
    package var namespacePath: String
    /// At most one per family.
    package var addresses: [IPAddress]
    package var mtu: UInt32
    /// Who the pod is, for people: shown by `ip link`.
    package var alias: String

    /// `podMAC` nil derives it from the first address.
    package init(
        hostName: String, hostMAC: MACAddress = Self.gatewayMAC, podName: String = "eth0", podMAC: MACAddress? = nil,
        namespacePath: String, addresses: [IPAddress], mtu: UInt32, alias: String = ""
    ) {
        self.hostName = hostName
        self.hostMAC = hostMAC
        self.podName = podName
        self.podMAC = podMAC ?? Self.podMAC(addresses)
        self.namespacePath = namespacePath
        self.addresses = addresses
        self.mtu = mtu
        self.alias = alias
    }

    /// The node's end in every pod's eyes: the pair is a point-to-point link, nobody else is on it.
    package static let gatewayMAC = MACAddress(bits: 0x0A58_A9FE_0101)

    /// The pod's MAC address: derived from its first address, so that the node can know it without asking.
    package static func podMAC(_ addresses: [IPAddress]) -> MACAddress {
        addresses.first.map { MACAddress(derivedFrom: $0) } ?? MACAddress(bits: 0x0A58_0000_0001)
    }

    /// Where a pod sends everything: an address that exists nowhere, with the MAC address of the node's end.
    package static func gateway(_ family: IPAddress.Family) -> IPAddress {
        switch family {
        case .v4: IPAddress(v4: 0xA9FE_0101)
        case .v6: IPAddress(family: .v6, bits: UInt128(0xFE80) << 112 | 1)
        }
    }

    /// The node's end, for creating it.
    package var hostLink: LinkState.Link {
        LinkState.Link(
            name: hostName,
            kind: .veth(peer: LinkState.VethPeer(name: podName, namespacePath: namespacePath, mac: podMAC)),
            mac: hostMAC, mtu: mtu, alias: alias, addressGeneration: LinkState.Link.AddressGeneration.none)
    }

    /// What belongs to the pod on the node besides the link: its host routes and neighbour entries.
    package var hostState: LinkState {
        var state = LinkState()
        state.add(hostLink)
        for address in addresses {
            state.routes.insert(LinkState.Route(to: CIDR(host: address), device: hostName))
            state.neighbours.insert(LinkState.Neighbour(address, mac: podMAC, device: hostName))
        }
        return state
    }

    /// The inside of the pod's namespace.
    package var podState: LinkState {
        var state = LinkState()
        state.add(
            LinkState.Link(
                name: podName, kind: .veth(), mac: podMAC, mtu: mtu,
                addressGeneration: LinkState.Link.AddressGeneration.none))
        for address in addresses {
            let gateway = Self.gateway(address.family)
            state.addresses.insert(LinkState.Address(address, device: podName))
            state.neighbours.insert(LinkState.Neighbour(gateway, mac: hostMAC, device: podName))
            state.routes.insert(LinkState.Route(to: CIDR(host: gateway), device: podName, metric: metric))
            state.routes.insert(
                LinkState.Route(
                    to: .everything(address.family), via: gateway, isOnLink: true, device: podName, metric: metric))
        }
        return state
    }

    /// Each interface of a pod has the same routes: metrics of their own keep them apart, and `eth0` comes first.
    private var metric: UInt32 {
        podName == "eth0" ? 0 : 4096 + UInt32(podName.utf8.fnv1a & 0xFFFF)
    }
}
