package import NetworkTypes

/// Which addresses a name may have: whoever owns an allowed name writes its records, and must not open the cluster with them.
package struct NameBounds: Hashable, Sendable {
    /// Pods and nodes.
    package var clusterRanges: [CIDR]
    /// Addresses of services: policy judges the pods behind them.
    package var serviceRanges: [CIDR]
    /// The cluster's own zone, whose names may be pods.
    package var zone: DomainName?

    package init(clusterRanges: [CIDR] = [], serviceRanges: [CIDR] = [], zone: DomainName? = nil) {
        self.clusterRanges = clusterRanges
        self.serviceRanges = serviceRanges
        self.zone = zone
    }

    func allow(_ address: IPAddress, for name: DomainName) -> Bool {
        guard !Self.nobodys.contains(where: { $0.contains(address) }), !address.isMulticast, !address.isLinkLocal,
            !serviceRanges.contains(where: { $0.contains(address) })
        else { return false }
        return !clusterRanges.contains { $0.contains(address) } || zone.map(name.isWithin) ?? false
    }

    /// This host, loopback, broadcast, and IPv4 in IPv6's clothes.
    private static let nobodys = [
        "0.0.0.0/8", "127.0.0.0/8", "255.255.255.255/32", "::/96", "::ffff:0:0/96",
    ].compactMap { CIDR($0) }
}
