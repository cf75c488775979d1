package import ClusterAPI
package import NetworkTypes

/// Policies and cluster, resolved: the one place where it is decided who may talk to whom.
package struct PolicyEngine: Sendable {
    package init() {}

    package mutating func upsert(_ pod: Pod) {}
    package mutating func upsert(_ namespace: Namespace) {}
    package mutating func upsert(_ node: Node) {}
    package mutating func upsert(_ policy: NetworkPolicy) {}
    package mutating func removePod(_ key: ObjectKey) {}
    package mutating func removeNamespace(_ name: String) {}
    package mutating func removeNode(_ name: String) {}
    package mutating func removeNetworkPolicy(_ key: ObjectKey) {}

    /// What changed since the last call.
    package mutating func drainChanges() -> EngineChanges { EngineChanges() }

    /// The rules of a pod; open for pods that are unknown, on the host network, or that no policy selects.
    package func endpointPolicy(for pod: ObjectKey) -> EndpointPolicy { .open }

    /// Nil for sets that no policy refers to.
    package func members(of set: PeerSetID) -> PeerSetMembers? { nil }

    /// The sets that policies refer to now.
    package var peerSets: [PeerSetID] { [] }

    /// What is wrong with policies, sorted.
    package var diagnostics: [PolicyDiagnostic] { [] }

    package func verdict(for flow: Flow) -> Verdict { Verdict(.allow(.unreachable(""))) }

    /// The verdict for packets as the kernel sees them.
    package func verdict(
        source: IPAddress, destination: IPAddress, transport: TransportProtocol, port: UInt16?
    ) -> Verdict {
        verdict(for: Flow(from: .address(source), to: .address(destination), transport: transport, port: port))
    }
}
