import ClusterAPI
import NetworkTypes

/// One end of a flow, recognised.
struct Endpoint {
    enum Kind {
        /// A living pod with its own network.
        case pod(Int)
        /// A node or a pod on its host network; the name is empty if it is not known.
        case node(String)
        case external
    }

    let kind: Kind
    /// Nil for a pod or node whose address is not known: then only selectors can match it.
    let address: IPAddress?
}

extension PolicyEngine {
    func endpoint(at address: IPAddress) -> Endpoint {
        if let pod = addresses.owner(of: address) { return Endpoint(kind: .pod(pod), address: address) }
        if let node = nodes.node(of: address) { return Endpoint(kind: .node(node), address: address) }
        return Endpoint(kind: .external, address: address)
    }

    /// The two ends of a flow on one address family, or why no packet can go between them.
    func endpoints(of flow: Flow) -> Result<(from: Endpoint, to: Endpoint), Unreachable> {
        switch (candidates(flow.from), candidates(flow.to)) {
        case (.failure(let reason), _), (_, .failure(let reason)): return .failure(reason)
        case (.success(let from), .success(let to)):
            for source in from {
                for destination in to where Self.shareFamily(source.address, destination.address) {
                    return .success((source, destination))
                }
            }
            return .failure(Unreachable("\(flow.from) and \(flow.to) have no address family in common"))
        }
    }

    private static func shareFamily(_ one: IPAddress?, _ other: IPAddress?) -> Bool {
        guard let one, let other else { return true }
        return one.family == other.family
    }

    /// An end of a flow, once for each address that it may use.
    private func candidates(_ party: Party) -> Result<[Endpoint], Unreachable> {
        guard case .pod(let key) = party else {
            guard case .address(let address) = party else { return .success([]) }
            return .success([endpoint(at: address)])
        }
        guard let slot = podSlots[key], let record = pods[slot] else {
            return .failure(Unreachable("pod \(key) is unknown"))
        }
        let facts = record.facts
        if let phase = facts.endPhase {
            return .failure(Unreachable("pod \(key) has terminated (\(phase)): nothing is sent or received"))
        }
        if facts.addresses.isEmpty {
            return .success([Endpoint(kind: facts.isHostNetwork ? .node(facts.node) : .pod(slot), address: nil)])
        }
        if facts.isHostNetwork {
            return .success(facts.addresses.map { Endpoint(kind: .node(facts.node), address: $0) })
        }
        if record.owned.isEmpty {
            let owner = addresses.owner(of: facts.addresses[0]).flatMap { pods[$0]?.facts.key }
            let name = owner.map(\.description) ?? "another pod"
            return .failure(Unreachable("pod \(key) has lost its address \(facts.addresses[0]) to \(name)"))
        }
        return .success(record.owned.map { Endpoint(kind: .pod(slot), address: $0) })
    }
}

/// Why no packet can go between two parties.
struct Unreachable: Error {
    let reason: String

    init(_ reason: String) { self.reason = reason }
}
