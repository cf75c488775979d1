package import ClusterAPI
package import NetworkTypes

/// The address ranges of a cluster, read from its ClusterNetwork and checked against each other.
package struct ClusterRanges: Hashable, Sendable {
    package let pods: [SubnetRange]
    package let services: [CIDR]

    /// Every range must parse, and none may overlap another.
    ///
    /// `serviceNetwork` may hold one range per family, with a comma.
    package init(_ network: ClusterNetwork) throws(AllocationError) {
        let entries = network.entries
        guard !entries.isEmpty else {
            throw .invalid(field: "clusterNetworks", problem: "empty; name at least one CIDR with hostSubnetLength")
        }
        var pods: [SubnetRange] = []
        for (index, entry) in entries.enumerated() {
            let field = "clusterNetworks[\(index)]"
            guard let cidr = CIDR(entry.cidr) else {
                throw .invalid(
                    field: "\(field).CIDR", problem: "'\(entry.cidr)' is not a network such as 10.128.0.0/14")
            }
            do {
                pods.append(try SubnetRange(cidr, hostBits: entry.hostSubnetLength))
            } catch {
                guard case .invalid(let name, let problem) = error else { throw error }
                throw .invalid(field: "\(field).\(name)", problem: problem)
            }
        }
        var services: [CIDR] = []
        for text in (network.serviceNetwork ?? "").split(separator: ",") {
            guard let cidr = CIDR(text.drop { $0 == " " }) else {
                throw .invalid(field: "serviceNetwork", problem: "'\(text)' is not a network such as 172.30.0.0/16")
            }
            services.append(cidr)
        }
        self.pods = pods
        self.services = services
        try checkOverlaps()
    }

    /// What an address of a node collides with; nil when it is outside all ranges, as it has to be.
    package func conflict(with nodeAddress: IPAddress) -> (name: String, range: CIDR)? {
        named.first { $0.range.contains(nodeAddress) }
    }

    /// The families of the pod network, primary first: in the order in which the ranges name them.
    package var families: [IPAddress.Family] {
        pods.map(\.cidr.family).reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
    }

    /// True if the subnet lies in one of the pod ranges.
    package func contains(_ subnet: CIDR) -> Bool { pods.contains { $0.cidr.contains(subnet) } }

    private var named: [(name: String, range: CIDR)] {
        pods.enumerated().map { ("clusterNetworks[\($0.offset)]", $0.element.cidr) }
            + services.map { ("serviceNetwork", $0) }
    }

    private func checkOverlaps() throws(AllocationError) {
        let all = named
        for (index, first) in all.enumerated() {
            for second in all[(index + 1)...] where first.range.overlaps(second.range) {
                throw .overlap(first.name, first.range, second.name, second.range)
            }
        }
    }
}
