package import ClusterAPI
package import NetworkTypes

/// What the machines of a lab are: `kind: LabTopology` of `gabion.io/v1`, or the standard one.
package struct LabTopology: Codable, Hashable, Sendable {
    package static let apiVersion = "gabion.io/v1"
    package static let kind = "LabTopology"

    package var nodes: [NodePlan]
    package var outside: [OutsideHost]
    package var ipv6: Bool
    /// Of the underlay; pods get what the overlay leaves of it.
    package var mtu: Int
    package var underlay: CIDR
    package var underlayV6: CIDR
    package var clusterNetworks: [ClusterNetwork.Entry]
    package var serviceNetwork: String
    /// Nil: pods have no names of services.
    package var clusterDNS: ClusterDNSPlan?

    package struct NodePlan: Codable, Hashable, Sendable {
        package var name: String
        package var labels: [String: String]

        package init(name: String, labels: [String: String] = [:]) {
            self.name = name
            self.labels = labels
        }

        package init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: CodingKeys.self)
            name = try container.decode(String.self, forKey: .name)
            labels = try container.decodeIfPresent([String: String].self, forKey: .labels) ?? [:]
        }
    }

    /// Servers of the cluster's names, a pod on each node.
    package struct ClusterDNSPlan: Codable, Hashable, Sendable {
        /// Who is asked for other names: an outside host of the lab, say.
        package var upstreams: [IPAddress]

        package init(upstreams: [IPAddress] = []) { self.upstreams = upstreams }

        package init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: CodingKeys.self)
            upstreams = try container.decodeIfPresent([IPAddress].self, forKey: .upstreams) ?? []
        }
    }

    /// A machine that is not of the cluster, behind a router.
    package struct OutsideHost: Codable, Hashable, Sendable {
        package var name: String
        package var addresses: [IPAddress]
        /// What answers there, as `tcp/80`; other ports are closed, not silent.
        package var ports: [String]

        package init(name: String, addresses: [IPAddress], ports: [String] = Self.standardPorts) {
            self.name = name
            self.addresses = addresses
            self.ports = ports
        }

        package static let standardPorts = ["tcp/80", "tcp/443", "tcp/8080", "udp/53"]

        package init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: CodingKeys.self)
            name = try container.decode(String.self, forKey: .name)
            addresses = try container.decode([IPAddress].self, forKey: .addresses)
            ports = try container.decodeIfPresent([String].self, forKey: .ports) ?? Self.standardPorts
        }
    }
}

extension LabTopology {
    /// `node-1` … `node-N` and one outside host, IPv4 with IPv6 beside it on request.
    package static func standard(nodes: Int = 2, ipv6: Bool = false) -> LabTopology {
        LabTopology(
            nodes: (1...max(nodes, 1)).map { NodePlan(name: "node-\($0)") }, outside: [], ipv6: ipv6
        ).completed()
    }

    private init(nodes: [NodePlan], outside: [OutsideHost], ipv6: Bool) {
        self.nodes = nodes
        self.outside = outside
        self.ipv6 = ipv6
        mtu = 1500
        underlay = Self.standardUnderlay
        underlayV6 = Self.standardUnderlayV6
        clusterNetworks = []
        serviceNetwork = "172.30.0.0/16"
    }

    /// Adds what was left out: an outside host, the cluster's ranges.
    private func completed() -> LabTopology {
        var topology = self
        if outside.isEmpty {
            let addresses = ["203.0.113.10"] + (ipv6 ? ["2001:db8:113::10"] : [])
            topology.outside = [OutsideHost(name: "internet", addresses: addresses.compactMap { IPAddress($0) })]
        }
        if clusterNetworks.isEmpty {
            topology.clusterNetworks = [.init(cidr: "10.128.0.0/14", hostSubnetLength: 9)]
            if ipv6 { topology.clusterNetworks.append(Self.standardRangeV6) }
        }
        return topology
    }

    /// The same with IPv6 beside IPv4, in the standard ranges.
    func withIPv6() -> LabTopology {
        var topology = self
        topology.ipv6 = true
        if !clusterNetworks.contains(where: { $0.cidr.contains(":") }) {
            topology.clusterNetworks.append(Self.standardRangeV6)
        }
        return topology
    }

    private static let standardRangeV6 = ClusterNetwork.Entry(cidr: "fd01::/48", hostSubnetLength: 64)
    private static let standardUnderlay = CIDR(IPAddress(v4: 0xC0A8_FA00), prefixLength: 24) ?? .everything(.v4)
    private static let standardUnderlayV6 =
        CIDR(IPAddress(family: .v6, bits: UInt128(0xFD98) << 112), prefixLength: 64) ?? .everything(.v6)

    /// Reads the `spec` of a LabTopology document; absent fields are the standard ones.
    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        let ipv6 = try container.decodeIfPresent(Bool.self, forKey: .ipv6) ?? false
        var topology = LabTopology(
            nodes: try container.decodeIfPresent([NodePlan].self, forKey: .nodes) ?? Self.standard().nodes,
            outside: try container.decodeIfPresent([OutsideHost].self, forKey: .outside) ?? [], ipv6: ipv6)
        topology.mtu = try container.decodeIfPresent(Int.self, forKey: .mtu) ?? topology.mtu
        topology.underlay = try container.decodeIfPresent(CIDR.self, forKey: .underlay) ?? topology.underlay
        topology.underlayV6 = try container.decodeIfPresent(CIDR.self, forKey: .underlayV6) ?? topology.underlayV6
        topology.clusterNetworks =
            try container.decodeIfPresent([ClusterNetwork.Entry].self, forKey: .clusterNetworks) ?? []
        topology.serviceNetwork =
            try container.decodeIfPresent(String.self, forKey: .serviceNetwork) ?? topology.serviceNetwork
        topology.clusterDNS = try container.decodeIfPresent(ClusterDNSPlan.self, forKey: .clusterDNS)
        self = topology.completed()
        try validate()
    }
}
