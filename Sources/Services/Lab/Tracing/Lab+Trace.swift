import ClusterAPI
import LinuxSystem
package import NetworkTypes
package import PolicyEngine

extension Lab {
    /// Sends the first packet of a flow from where it starts, and follows it through all nodes.
    ///
    /// - Parameter source: The address to send from instead of the sender's own.
    /// - Throws: `LabError` when the lab has no such parties.
    package func trace(_ flow: Flow, _ snapshot: ClusterSnapshot, source: IPAddress? = nil) async throws -> PacketTrace
    {
        let places = Places(directory.name, topology, pods: snapshot.pods)
        var probe: Probe
        switch places.probe(for: flow) {
        case .success(let found): probe = found
        case .failure(let reason):
            throw LabError(
                "the packet cannot be sent: \(reason)",
                remedy: "Name a running pod, a node's address or an outside host's.")
        }
        if let source { probe.sourceAddress = source }
        let start = snapshot.pods.first { pod in
            if case .pod(pod.key) = flow.from { return true }
            guard case .address(let address) = flow.from else { return false }
            return pod.addressTexts.contains { IPAddress($0) == address }
        }?.spec?.nodeName
        let names = topology.nodes.map(\.name)
        let ordered = names.filter { $0 == start } + names.filter { $0 != start }
        let nodes = ordered.map { Tracer.Node(name: $0, namespace: .named(directory.name.nodeNamespace($0))) }
        return try await Tracer(nodes: nodes).follow(probe)
    }
}
