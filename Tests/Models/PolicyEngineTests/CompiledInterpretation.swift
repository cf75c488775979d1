import ClusterAPI
import NetworkTypes
import PolicyEngine

/// Judges packets by the engine's compiled output alone, as a kernel would: addresses, ports, sets and nothing else.
struct CompiledInterpretation {
    let engine: PolicyEngine
    /// Living pods by address, with the policy that holds on their interface.
    let endpoints: [IPAddress: ObjectKey]

    /// Leaves out what is no policy: own node and own address.
    func isAllowed(_ source: IPAddress, _ destination: IPAddress, _ transport: TransportProtocol, _ port: UInt16?)
        -> Bool
    {
        let egress = endpoints[source].flatMap { engine.endpointPolicy(for: $0).egress }
        let ingress = endpoints[destination].flatMap { engine.endpointPolicy(for: $0).ingress }
        if let pod = endpoints[source], MetadataGuard.closes(destination, transport, port),
            !engine.endpointPolicy(for: pod).readsMetadata
        {
            return false
        }
        return passes(egress, other: destination, destination, transport, port)
            && passes(ingress, other: source, destination, transport, port)
    }

    private func passes(
        _ policy: DirectionPolicy?, other: IPAddress, _ destination: IPAddress, _ transport: TransportProtocol,
        _ port: UInt16?
    ) -> Bool {
        for part in policy?.parts ?? [] {
            let first = part.rules.first { rule in
                isPeer(other, rule.peers, destination, transport, port) && isPort(rule.ports, transport, port)
            }
            switch (first?.action, part.end) {
            case (.allow, _): return true
            case (.deny, _), (nil, .deny): return false
            case (.pass, _), (nil, .nextTier): continue
            }
        }
        return true
    }

    private func isPort(_ ports: ResolvedRule.Ports, _ transport: TransportProtocol, _ port: UInt16?) -> Bool {
        switch ports {
        case .all, .ofPeers: true
        case .ports(let matches):
            matches.contains { $0.transport == transport && ($0.range == .all || port.map($0.range.contains) == true) }
        }
    }

    private func isPeer(
        _ other: IPAddress, _ peers: ResolvedRule.Peers, _ destination: IPAddress, _ transport: TransportProtocol,
        _ port: UInt16?
    ) -> Bool {
        guard case .sets(let ids) = peers else { return true }
        return ids.contains { id in
            switch engine.members(of: id) {
            case .addresses(let members): members.contains(other)
            case .networks(let networks): networks.contains { $0.contains(other) }
            case .ports(let members):
                port.map { members.contains(PeerPort(address: destination, transport: transport, port: $0)) } ?? false
            case nil: false
            }
        }
    }
}
