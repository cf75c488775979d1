package import PolicyEngine

/// One question with both answers: the engine's and the network's.
package struct Verification: Hashable, Sendable {
    package let flow: Flow
    package let verdict: Verdict
    package let observation: Observation

    package enum Observation: Hashable, Sendable {
        case probed(ProbeOutcome)
        case unprobed(Unprobed)
    }

    package init(flow: Flow, verdict: Verdict, observation: Observation) {
        self.flow = flow
        self.verdict = verdict
        self.observation = observation
    }

    /// `allow`, `deny` or `unprobed`: the column `observed`.
    package var observed: String {
        switch observation {
        case .probed(let outcome): outcome.isReached ? "allow" : "deny"
        case .unprobed: "unprobed"
        }
    }

    /// True when the network does something else than the verdict says.
    ///
    /// What was not probed does not differ.
    package var differs: Bool {
        guard case .probed(let outcome) = observation else { return false }
        return outcome.isReached != verdict.allowed
    }
}

extension Lab {
    /// Puts every flow to the engine and to the network.
    ///
    /// What differs is asked a second time after a moment, because a change made just before may still be on its way to
    /// the nodes.
    package func verify(_ flows: [Flow], _ snapshot: ClusterSnapshot, prober: Prober = Prober()) async throws
        -> [Verification]
    {
        let engine = snapshot.engine
        let places = Places(directory.name, topology, pods: snapshot.pods)
        var answers = try await observe(flows, engine, places, prober)
        let different = answers.indices.filter { answers[$0].differs }
        if different.isEmpty { return answers }
        try await Task.sleep(for: .milliseconds(500))
        let again = try await observe(different.map { flows[$0] }, engine, places, prober)
        for (index, answer) in zip(different, again) { answers[index] = answer }
        return answers
    }

    private func observe(
        _ flows: [Flow], _ engine: PolicyEngine, _ places: Places, _ prober: Prober
    ) async throws -> [Verification] {
        let asked = flows.map { places.probe(for: $0) }
        let outcomes = try await prober.run(asked.compactMap { try? $0.get() })
        var rest = outcomes[...]
        return zip(flows, asked).map { flow, question in
            let observation: Verification.Observation =
                switch question {
                case .success: .probed(rest.popFirst() ?? .silent)
                case .failure(let reason): .unprobed(reason)
                }
            return Verification(flow: flow, verdict: engine.verdict(for: flow), observation: observation)
        }
    }
}
