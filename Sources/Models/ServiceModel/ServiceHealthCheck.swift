/// What a load balancer that sends only to nodes with endpoints is told by one node, and at which port.
package struct ServiceHealthCheck: Hashable, Sendable {
    /// `healthCheckNodePort`.
    package var port: UInt16
    /// How many ready endpoints are on the node.
    package var localEndpoints: Int

    package init(port: UInt16, localEndpoints: Int) {
        self.port = port
        self.localEndpoints = localEndpoints
    }
}
