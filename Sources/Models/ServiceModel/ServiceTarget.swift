package import ClusterAPI

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

    package init(
        service: ObjectKey, portName: String = "", backends: [ServiceBackend], affinitySeconds: UInt32? = nil
    ) {
        self.service = service
        self.portName = portName
        self.backends = backends
        self.affinitySeconds = affinitySeconds
    }
}
