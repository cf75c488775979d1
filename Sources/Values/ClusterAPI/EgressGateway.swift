/// gabion.io/v1 EgressGateway: ports of one local service, each led to destinations outside by pods that run `gabion gateway`.
package struct EgressGateway: APIObject {
    package static let resource = ResourceType(
        group: "gabion.io", version: "v1", kind: "EgressGateway", plural: "egressgateways", isNamespaced: true)

    /// The label of a gateway's pods; its value is the gateway's name.
    package static let podLabel = "gabion.io/egress-gateway"

    package var metadata: ObjectMeta
    package var spec: EgressGatewaySpec?
    package var status: EgressGatewayStatus?

    package init(_ key: ObjectKey, spec: EgressGatewaySpec?) {
        metadata = ObjectMeta(name: key.name, namespace: key.namespace)
        self.spec = spec
    }

    /// Where no port of a gateway leads by an address, nor a CONNECT by any name: the cluster, private networks, metadata, this host.
    package static let closedRanges = [
        "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.168.0.0/16",
        "224.0.0.0/4", "240.0.0.0/4",
        // With IPv4 in IPv6's clothes and by translation (NAT64), 6to4 and Teredo.
        "::/96", "::ffff:0:0/96", "64:ff9b::/96", "64:ff9b:1::/48", "2001::/32", "2002::/16", "fc00::/7", "fe80::/10",
        "fec0::/10", "ff00::/8",
    ]
}

package struct EgressGatewaySpec: Codable, Hashable, Sendable {
    package var ports: [EgressGatewayPort]?

    package init(ports: [EgressGatewayPort]?) { self.ports = ports }
}

/// What pods connect to; exactly one of `redirect` and `connect` says where it leads.
package struct EgressGatewayPort: Codable, Hashable, Sendable {
    package var port: Int
    /// TCP when absent, or UDP.
    package var `protocol`: String?
    package var redirect: EgressRedirect?
    package var connect: EgressConnect?

    package init(
        _ port: Int, protocol: String? = nil, redirect: EgressRedirect? = nil, connect: EgressConnect? = nil
    ) {
        self.port = port
        self.protocol = `protocol`
        self.redirect = redirect
        self.connect = connect
    }
}

/// One destination outside: an address or a name.
package struct EgressRedirect: Codable, Hashable, Sendable {
    package var address: String?
    package var host: String?
    package var port: Int

    package init(address: String? = nil, host: String? = nil, port: Int) {
        self.address = address
        self.host = host
        self.port = port
    }
}

/// An HTTP proxy for CONNECT, and nothing else.
package struct EgressConnect: Codable, Hashable, Sendable {
    package var allow: [EgressConnectRule]?

    package init(allow: [EgressConnectRule]?) { self.allow = allow }
}

/// Names by one pattern, or addresses that clients write as such; on these ports.
package struct EgressConnectRule: Codable, Hashable, Sendable {
    /// A name, `*.` and a name (one label more) or `**.` and a name (at least one more).
    package var host: String?
    package var cidr: String?
    package var ports: [Int]?

    package init(host: String? = nil, cidr: String? = nil, ports: [Int]?) {
        self.host = host
        self.cidr = cidr
        self.ports = ports
    }
}
