import AddressAllocation
import ClusterAPI
import NetworkTypes

extension NodeModel {
    /// Reads nodes, subnets and ranges anew; true if the state became another.
    mutating func refreshTopology() -> Bool {
        isTopologyDirty = false
        var problems: [String] = []
        var next = state
        // Only these members are compared below; the others stay where they are.
        next.pods = [:]
        next.peerSets = [:]
        next.clusterRanges = readRanges((clusterNetwork?.entries ?? []).map(\.cidr), "CIDR", &problems)
        next.serviceRanges = readRanges(clusterNetwork?.serviceNetworkTexts ?? [], "serviceNetwork", &problems)
        next.vxlanPort = readPort(&problems)
        next.nodePortRanges = nodePortRanges
        let names = Set(hostSubnets.keys).union(nodes.keys)
        next.remoteNodes = names.subtracting([nodeName]).sorted().compactMap { name in
            let addresses = hostAddresses(of: name, &problems)
            guard !addresses.isEmpty else { return nil }
            return RemoteNode(name: name, hostAddresses: addresses, subnets: subnets(of: name, &problems))
        }
        next.node = ownNetwork(&problems)
        next.problems = problems.sorted()
        return adopt(next)
    }

    private mutating func adopt(_ next: NodeState) -> Bool {
        let isSame =
            state.node == next.node && state.remoteNodes == next.remoteNodes
            && state.clusterRanges == next.clusterRanges
            && state.serviceRanges == next.serviceRanges && state.vxlanPort == next.vxlanPort
            && state.nodePortRanges == next.nodePortRanges
            && state.problems == next.problems
        state.node = next.node
        state.remoteNodes = next.remoteNodes
        state.clusterRanges = next.clusterRanges
        state.serviceRanges = next.serviceRanges
        state.vxlanPort = next.vxlanPort
        state.nodePortRanges = next.nodePortRanges
        state.problems = next.problems
        return !isSame
    }

    private func ownNetwork(_ problems: inout [String]) -> NodeNetwork? {
        let addresses = hostAddresses(of: nodeName, &problems)
        let subnets = subnets(of: nodeName, &problems)
        guard let endpoint = addresses.first, !subnets.isEmpty else { return nil }
        // Outer IP (20 or 40), UDP (8), VXLAN (8) and the inner Ethernet header (14).
        let possible = underlayMTU - (endpoint.family == .v4 ? 50 : 70)
        let wanted = clusterNetwork?.mtu ?? possible
        if wanted > possible {
            problems.append(
                "ClusterNetwork default: mtu \(wanted) does not fit the underlay's \(underlayMTU): using \(possible)")
        }
        return NodeNetwork(
            name: nodeName, hostAddresses: addresses, subnets: subnets, podMTU: min(wanted, possible))
    }

    /// The VXLAN endpoint first, as HostSubnet names it, then the node's other InternalIPs.
    private func hostAddresses(of name: String, _ problems: inout [String]) -> [IPAddress] {
        var addresses: [IPAddress] = []
        let told = (hostSubnets[name]?.allHostIPs ?? []).map { (text: $0, origin: "HostSubnet \(name): hostIP") }
        let known = (nodes[name]?.internalAddressTexts ?? []).map { (text: $0, origin: "Node \(name): InternalIP") }
        for (text, origin) in told + known {
            guard let address = IPAddress(text) else {
                problems.append("\(origin) '\(text)' is not an IP address")
                continue
            }
            if !addresses.contains(address) { addresses.append(address) }
        }
        return addresses
    }

    private func subnets(of name: String, _ problems: inout [String]) -> [CIDR] {
        var subnets: [CIDR] = []
        for text in hostSubnets[name]?.allSubnets ?? [] where !text.isEmpty {
            guard let subnet = CIDR(text) else {
                problems.append("HostSubnet \(name): subnet '\(text)' is not a network")
                continue
            }
            subnets.append(subnet)
        }
        return subnets
    }

    private func readRanges(_ texts: [String], _ field: String, _ problems: inout [String]) -> [CIDR] {
        var ranges: [CIDR] = []
        for text in texts {
            guard let range = CIDR(text) else {
                problems.append("ClusterNetwork default: \(field) '\(text)' is not a network")
                continue
            }
            ranges.append(range)
        }
        return ranges.sorted()
    }

    private func readPort(_ problems: inout [String]) -> UInt16 {
        guard let number = clusterNetwork?.vxlanPort else { return 4789 }
        guard let port = UInt16(exactly: number), port > 0 else {
            problems.append("ClusterNetwork default: vxlanPort \(number) is not a port: using 4789")
            return 4789
        }
        return port
    }
}
