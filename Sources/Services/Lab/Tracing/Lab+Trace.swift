import ClusterAPI
import LinuxSystem
package import NetworkTypes
package import PolicyEngine
import ServiceModel
package import ServiceVerdicts

extension Lab {
    /// The same for a connection between pods and addresses.
    package func trace(_ flow: Flow, _ snapshot: ClusterSnapshot, source: IPAddress? = nil) async throws -> PacketTrace
    {
        try await trace(snapshot.judge().judgement(of: flow), snapshot, source: source)
    }

    /// Sends the first packet of a connection from where it starts, and follows it through all nodes, and to the endpoint
    /// that it is led to.
    ///
    /// - Parameter source: The address to send from instead of the sender's own.
    /// - Throws: `LabError` when the lab has no such parties.
    package func trace(
        _ judgement: Judgement, _ snapshot: ClusterSnapshot, entrances: Entrances = Entrances(),
        source: IPAddress? = nil
    ) async throws -> PacketTrace {
        let flow = judgement.asked
        let places = Places(directory.name, topology, pods: snapshot.pods)
        var probe: Probe
        switch places.probe(for: judgement, entrances: entrances) {
        case .success(let found): probe = found
        case .failure(let reason):
            throw LabError(
                "the packet cannot be sent: \(reason)",
                remedy: "Name a running pod, a node's address or an outside host's.")
        }
        if let source { probe.sourceAddress = source }
        let start = start(of: flow, snapshot, entrances)
        let names = topology.nodes.map(\.name)
        let ordered = names.filter { $0 == start } + names.filter { $0 != start }
        let nodes = ordered.map { Tracer.Node(name: $0, namespace: .named(directory.name.nodeNamespace($0))) }
        let endpoints = judgement.ways.compactMap(\.endpoint?.backend).map { SocketAddress($0.address, port: $0.port) }
        return try await Tracer(nodes: nodes).follow(probe, endpoints: Set(endpoints))
    }

    /// The node that the packet comes to first; nil if that is not known, or makes no difference.
    private func start(of flow: Flow, _ snapshot: ClusterSnapshot, _ entrances: Entrances) -> String? {
        let pod = snapshot.pods.first { pod in
            if case .pod(pod.key) = flow.from { return true }
            guard case .address(let address) = flow.from else { return false }
            return pod.addressTexts.contains { IPAddress($0) == address }
        }
        if let pod { return pod.spec?.nodeName }
        func node(at party: Party) -> String? {
            guard case .address(let address) = party else { return nil }
            return topology.nodes.map(\.name).first { topology.addresses(ofNode: $0).contains(address) }
                ?? entrances.nodes[address]
        }
        return node(at: flow.from) ?? node(at: flow.to)
    }
}
