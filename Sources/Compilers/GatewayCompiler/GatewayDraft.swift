import ClusterAPI
import EnvoyConfig
import NetworkTypes

/// One port after the other.
struct GatewayDraft {
    let addresses: [IPAddress]
    let families: EnvoyResources.Families

    /// What all CONNECT ports lead to.
    private static let requested = EnvoyName("requested") ?? EnvoyName(.tcp, 0)
    private static let closed = EgressGateway.closedRanges.compactMap { CIDR($0) }

    init(addresses: [IPAddress], families: EnvoyResources.Families) {
        self.addresses = addresses
        self.families = families
    }

    func redirect(
        _ port: UInt16, _ transport: TransportProtocol, _ redirect: EgressRedirect, _ resources: inout EnvoyResources
    ) throws(GatewayProblem) {
        let name = EnvoyName(transport, port)
        let target = UInt16(clamping: redirect.port)
        let destination: EnvoyResources.Cluster.Destination
        if let address = redirect.address.flatMap({ IPAddress($0) }) {
            guard addresses.contains(where: { $0.family == address.family }) else {
                throw GatewayProblem([
                    "port \(port): the pod has no address of \(address)'s family, and cannot reach it"
                ])
            }
            destination = .address(address, port: target)
        } else if let host = redirect.host.flatMap({ DomainName($0) }) {
            destination = .host(host, port: target, families)
        } else {
            throw GatewayProblem(["port \(port) has no destination"])
        }
        resources.clusters.append(.init(name: name, destination: destination))
        let service: EnvoyResources.Listener.Service = transport == .udp ? .udp(cluster: name) : .tcp(cluster: name)
        resources.listeners.append(.init(name: name, addresses: addresses, port: port, service: service))
    }

    func connect(_ port: UInt16, _ connect: EgressConnect, _ resources: inout EnvoyResources) {
        let name = EnvoyName(.tcp, port)
        let names = EnvoyResources.RequestedNames(cluster: Self.requested, families: families, closed: Self.closed)
        if !resources.clusters.contains(where: { $0.name == Self.requested }) {
            resources.clusters.append(.init(name: Self.requested, destination: .requested(names)))
        }
        resources.routes.append(
            .init(name: name, cluster: Self.requested, allowed: (connect.allow ?? []).flatMap(Self.destinations)))
        resources.listeners.append(
            .init(name: name, addresses: addresses, port: port, service: .connect(routes: name, names)))
    }

    private static func destinations(_ rule: EgressConnectRule) -> [EnvoyResources.ConnectRoutes.Destination] {
        (rule.ports ?? []).compactMap { port in
            guard let port = UInt16(exactly: port) else { return nil }
            if let range = rule.cidr.flatMap({ CIDR($0) }) { return .range(range, port: port) }
            return rule.host.flatMap(pattern).map { .host($0, port: port) }
        }
    }

    private static func pattern(_ text: String) -> HostPattern? {
        for (star, reach) in [("**.", HostPattern.Reach.atLeastOneLabelMore), ("*.", .oneLabelMore)]
        where text.hasPrefix(star) {
            return DomainName(text.dropFirst(star.count)).map { HostPattern($0, reach) }
        }
        return DomainName(text).map { HostPattern($0, .itself) }
    }
}
