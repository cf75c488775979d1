package import NetworkTypes

/// What a server of the cluster's names is to do.
package struct ClusterDNSConfiguration: Hashable, Sendable {
    package var listeners: [DNSPlace]
    /// Who is asked for other names, in this order; nobody: they are refused.
    package var upstreams: [DNSPlace]
    /// Who is answered; everybody else is refused.
    package var clients: [CIDR]
    /// Where metrics are shown.
    package var metrics: DNSPlace?
    /// Beside a Kubernetes, which has a server of names of its own, too.
    package var servesBesideKubernetes = false
    /// How long answers may be remembered, in seconds.
    package var timeToLive: UInt32 = 5
    package var limits = Limits()

    package init(
        listeners: [DNSPlace], upstreams: [DNSPlace], clients: [CIDR] = Self.privateRanges, metrics: DNSPlace? = nil
    ) {
        self.listeners = listeners
        self.upstreams = upstreams
        self.clients = clients
        self.metrics = metrics
    }

    package struct Limits: Hashable, Sendable {
        /// Questions that are being forwarded at once, for all clients and for each.
        package var forwarded = 1000
        package var forwardedPerClient = 200
        package var connections = 512
        package var connectionsPerClient = 64
        /// Who says nothing on a connection for so long is let go.
        package var connectionPatience = Duration.seconds(10)
        /// How long one upstream is waited for, and all of them together: less than the 5 s after which a client asks again.
        package var upstreamPatience = Duration.milliseconds(1500)
        package var totalPatience = Duration.milliseconds(4500)
        /// How long the API is waited for before listening begins without it.
        package var startPatience = Duration.seconds(10)

        package init() {}
    }

    /// Addresses that no stranger on the Internet has: a server that listens too widely is no tool for attacks on others.
    package static let privateRanges = [
        "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "169.254.0.0/16", "127.0.0.0/8", "fc00::/7",
        "fe80::/10", "::1/128",
    ].compactMap { CIDR($0) }
}
