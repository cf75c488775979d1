import NetworkTypes

extension InstallationConfiguration {
    var dnsFaults: [InstallationFault] {
        let isWanted = components.contains(.dns)
        guard let dns else {
            guard isWanted else { return [] }
            return [
                InstallationFault(
                    ["dns", "address"], "is missing: components has dns, whose service needs it",
                    remedy: "Write the clusterDNS of the kubelets, such as 10.96.0.10.")
            ]
        }
        guard isWanted else {
            return [
                InstallationFault(
                    ["dns"], "there is no name server to set up: components has no dns",
                    remedy: "Add dns to components; leave this out where CoreDNS runs.")
            ]
        }
        return addressFaults(dns.address) + upstreamFaults(dns)
    }

    private func addressFaults(_ address: IPAddress) -> [InstallationFault] {
        let path = ["dns", "address"]
        guard let range = network.services.first(where: { $0.contains(address) }) else {
            let networks = network.services.map(\.description).joined(separator: ", ")
            return [
                InstallationFault(
                    path, "\(address) is in no network of services (\(networks)): no service can have it",
                    remedy: "Write an address out of them, the one that kubelets tell pods (clusterDNS).")
            ]
        }
        let first = IPAddress(family: range.family, bits: range.address.bits + 1)
        let isLast = range.family == .v4 && address == range.lastAddress
        guard address == range.address || address == first || isLast else { return [] }
        return [
            InstallationFault(
                path,
                address == first
                    ? "\(address) is the service kubernetes'" : "\(address) is the first or last address of \(range)",
                remedy: "Write another; the tenth is usual.")
        ]
    }

    private func upstreamFaults(_ dns: NameServer) -> [InstallationFault] {
        dns.upstreams.enumerated().filter { $0.element == dns.address }.map { place, address in
            InstallationFault(
                ["dns", "upstreams", "\(place)"], "\(address) is the name server itself: questions would go in circles",
                remedy: "Write a name server outside of the cluster.")
        }
    }
}
