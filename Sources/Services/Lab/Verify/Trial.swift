import LinuxSystem
import NetworkTypes
import PolicyEngine
import ServiceModel
import ServiceVerdicts

/// Tries connections that were judged, each as often as it takes.
struct Trial {
    private let places: Places
    private let entrances: Entrances
    private let prober: Prober

    init(_ places: Places, _ entrances: Entrances, _ prober: Prober) {
        self.places = places
        self.entrances = entrances
        self.prober = prober
    }

    func verify(_ judgements: [Judgement]) async throws -> [Verification] {
        let asked = judgements.map { places.probe(for: $0, entrances: entrances) }
        let listeners = Dictionary(
            judgements.flatMap(endpoints).map { ($0, places.probeOfItself($0)) }
        ) { first, _ in first }
        let samples = judgements.map(Self.sampleSize)
        var single: [Probe] = []
        var many: [Probe] = []
        for (probe, count) in zip(asked, samples) {
            guard let probe = try? probe.get() else { continue }
            if let count { many += Array(repeating: probe, count: count) } else { single.append(probe) }
        }
        let controls = listeners.compactMap { endpoint, probe in probe.map { (endpoint, $0) } }
        let outcomes = try await prober.run(single + controls.map(\.1))
        let isListening = Set(zip(controls, outcomes[single.count...]).filter { $0.1.isAnswer }.map { $0.0.0 })
        var rest = outcomes[...]
        var restOfMany = try await sampler.run(many)[...]
        return zip(zip(judgements, asked), samples).map { pair, count in
            let (judgement, probe) = pair
            func plain(_ outcome: ProbeOutcome) -> ProbeOutcome { self.plain(outcome, judgement, isListening) }
            switch (probe, count) {
            case (.failure(let reason), _): return Verification(judgement, .unprobed(reason))
            case (.success, let count?):
                let reached = restOfMany.prefix(count).count { plain($0).isReached }
                restOfMany = restOfMany.dropFirst(count)
                return Verification(judgement, .sampled(reached: reached, of: count))
            case (.success, nil): return Verification(judgement, .probed(plain(rest.popFirst() ?? .silent)))
            }
        }
    }

    // MARK: Who refuses

    struct Endpoint: Hashable {
        let backend: ServiceBackend
        let transport: TransportProtocol
    }

    private func endpoints(_ judgement: Judgement) -> [Endpoint] {
        judgement.ways.compactMap { way in
            way.endpoint.map { Endpoint(backend: $0.backend, transport: judgement.question.transport) }
        }
    }

    /// A closed port of an endpoint refuses a connection that arrived; a node, one that nobody serves.
    ///
    /// The packet is the same, so the endpoints were asked from beside them whether they listen.
    private func plain(_ outcome: ProbeOutcome, _ judgement: Judgement, _ isListening: Set<Endpoint>) -> ProbeOutcome {
        guard judgement.isServices, outcome.isReached, !outcome.isAnswer else { return outcome }
        let endpoints = endpoints(judgement)
        guard !endpoints.isEmpty || judgement.isRefused else { return outcome }
        return endpoints.allSatisfy(isListening.contains) ? .refused("by a node: nobody serves there") : outcome
    }

    // MARK: How often

    /// With one attempt each, in less time than the kernel takes to send again: that would be led another way.
    private var sampler: Prober {
        Prober(timeout: min(prober.timeout, .milliseconds(900)), attempts: 1, window: prober.window)
    }

    /// So many connections miss one of the ways that are allowed, or of those that are not, once in a million times.
    ///
    /// Nil where one connection says all, or any number of them nothing: those of one client may all go one way, and datagrams
    /// are sent again.
    static func sampleSize(_ judgement: Judgement) -> Int? {
        guard judgement.isPartly, !judgement.isSticky, judgement.question.transport == .tcp else { return nil }
        let allowed = Double(judgement.ways.count(where: \.isAllowed)) / Double(judgement.ways.count)
        var (count, missing) = (0, 1.0)
        while missing > 1e-6 {
            missing *= max(allowed, 1 - allowed)
            count += 1
            if count > 300 { return nil }
        }
        return count
    }
}

extension ProbeOutcome {
    /// Somebody answers, and is no kernel that refuses.
    fileprivate var isAnswer: Bool {
        switch self {
        case .reached(.connected), .reached(.replied), .reached(.aborted): true
        case .reached(.reset), .reached(.portUnreachable), .silent, .refused: false
        }
    }
}

extension Places {
    /// Whether an endpoint listens, asked from where it is: no rule is on that way.
    fileprivate func probeOfItself(_ endpoint: Trial.Endpoint) -> Probe? {
        let address = endpoint.backend.address
        return owner(of: address).map {
            Probe(from: $0.namespace, address: address, to: address, endpoint.transport, port: endpoint.backend.port)
        }
    }
}
