package import AddressAllocation
package import NetworkTypes

/// Where services have their addresses and node ports from.
package struct ServiceSettings: Sendable {
    /// The ranges of a cluster whose ClusterNetwork `default` names none, or that has none yet.
    package var ranges: [ServiceAddressRange]
    package var nodePorts: NodePortRange

    /// 172.30.0.0/16, as in OpenShift.
    package static let standardRange = CIDR(IPAddress(v4: 0xAC1E_0000), prefixLength: 16) ?? .everything(.v4)

    package init(ranges: [CIDR] = [standardRange], nodePorts: NodePortRange = .standard) {
        self.ranges = ranges.map(ServiceAddressRange.init)
        self.nodePorts = nodePorts
    }

    /// Reads ranges with commas between them, at most one of each family; nil for anything else.
    package static func ranges(parsing text: String) -> [CIDR]? {
        let parts = text.split(separator: ",").map { $0.drop { $0 == " " } }
        let ranges = parts.compactMap { CIDR($0) }
        guard !ranges.isEmpty, ranges.count == parts.count, Set(ranges.map(\.family)).count == ranges.count else {
            return nil
        }
        return ranges
    }
}
