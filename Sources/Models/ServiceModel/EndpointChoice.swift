import ClusterAPI
import NetworkTypes

/// Which of a service port's endpoints take new connections from one node.
///
/// The rules are those of Kubernetes (Service, EndpointSlice; KEPs 1669, 2086, 2433):
/// 1. with internal traffic policy Local, only endpoints of the node;
/// 2. the ready ones; if there are none, those that end but still serve;
/// 3. of these, those that hints mean for the node; else those meant for its zone. Hints count only if every endpoint has
///    some and one at least means this place, since a part of them says nothing about the rest.
struct EndpointChoice {
    let nodeName: String
    /// `topology.kubernetes.io/zone` of the node; nil if it has none.
    let nodeZone: String?
    let isLocalOnly: Bool

    struct Candidate {
        let backend: ServiceBackend
        let endpoint: SliceEndpoint
    }

    /// Ascending, each once.
    func backends(of candidates: [Candidate]) -> [ServiceBackend] {
        let near = isLocalOnly ? candidates.filter { $0.endpoint.nodeName == nodeName } : candidates
        var usable = near.filter(\.endpoint.isReady)
        if usable.isEmpty { usable = near.filter { $0.endpoint.isServing && $0.endpoint.isTerminating } }
        if !isLocalOnly { usable = meantForHere(usable) }
        return Set(usable.map(\.backend)).sorted()
    }

    private func meantForHere(_ candidates: [Candidate]) -> [Candidate] {
        meant(candidates, for: nodeName) { $0.forNodes } ?? meant(candidates, for: nodeZone) { $0.forZones }
            ?? candidates
    }

    /// Nil if the hints do not count.
    private func meant(
        _ candidates: [Candidate], for place: String?, _ hints: (EndpointHints) -> [EndpointHints.Target]?
    ) -> [Candidate]? {
        guard let place else { return nil }
        var chosen: [Candidate] = []
        for candidate in candidates {
            let targets = candidate.endpoint.hints.flatMap(hints) ?? []
            if targets.isEmpty { return nil }
            if targets.contains(where: { $0.name == place }) { chosen.append(candidate) }
        }
        return chosen.isEmpty ? nil : chosen
    }
}
