package import ClusterAPI
package import NetworkTypes

/// Where new connections to a frontend go, as seen from one node.
package struct ServiceTarget: Hashable, Sendable {
    /// Whose frontend it is.
    package var service: ObjectKey
    /// The port's name there; empty if it has none.
    package var portName: String
    /// Ascending, each once; if empty, connections are refused.
    package var backends: [ServiceBackend]
    /// How long a client that came back stays with its backend, in seconds; nil: each connection is alone.
    package var affinitySeconds: UInt32?
    /// Which backends these are depends on the node that the connection came to (`externalTrafficPolicy` Local).
    package var dependsOnNode = false
    /// The networks whose hosts are let in (`loadBalancerSourceRanges`), ascending, of the frontend's family; nil: everybody.
    package var sourceRanges: [CIDR]?

    package init(
        service: ObjectKey, portName: String = "", backends: [ServiceBackend], affinitySeconds: UInt32? = nil
    ) {
        self.service = service
        self.portName = portName
        self.backends = backends
        self.affinitySeconds = affinitySeconds
    }
}
