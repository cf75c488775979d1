package import PolicyEngine
package import ServiceVerdicts

/// One question with both answers: the engine's and the network's.
package struct Verification: Hashable, Sendable {
    package let judgement: Judgement
    package let observation: Observation

    package enum Observation: Hashable, Sendable {
        case probed(ProbeOutcome)
        /// Asked so often that every way was met, most likely: how many connections arrived.
        case sampled(reached: Int, of: Int)
        case unprobed(Unprobed)
    }

    package init(_ judgement: Judgement, _ observation: Observation) {
        self.judgement = judgement
        self.observation = observation
    }

    package var answer: Answer { judgement.answer }

    /// `allow`, `deny`, `partly` or `unprobed`: the column `observed`.
    package var observed: String {
        switch observation {
        case .probed(let outcome): outcome.isReached ? "allow" : "deny"
        case .sampled(let reached, let count): reached == count ? "allow" : reached == 0 ? "deny" : "partly"
        case .unprobed: "unprobed"
        }
    }

    /// True when the network does something else than the verdict says.
    ///
    /// What was not probed does not differ, nor does one connection where some ways are allowed and others not.
    package var differs: Bool {
        switch observation {
        case .probed(let outcome): !judgement.isPartly && outcome.isReached != answer.isAllowed
        case .sampled: observed != "partly"
        case .unprobed: false
        }
    }
}

extension Lab {
    /// Puts every flow to the engine and to the network.
    package func verify(_ flows: [Flow], _ snapshot: ClusterSnapshot, prober: Prober = Prober()) async throws
        -> [Verification]
    {
        let entrances = try await entrances(for: flows.map { Question($0) }, snapshot.services)
        let judge = snapshot.judge(entrances: entrances)
        return try await verify(flows.map { judge.judgement(of: $0) }, snapshot, entrances, prober: prober)
    }

    /// Tries what was judged.
    ///
    /// What differs is asked a second time after a moment, because a change made just before may still be on its way to
    /// the nodes.
    package func verify(
        _ judgements: [Judgement], _ snapshot: ClusterSnapshot, _ entrances: Entrances, prober: Prober = Prober()
    ) async throws -> [Verification] {
        let trial = Trial(Places(directory.name, topology, pods: snapshot.pods), entrances, prober)
        var answers = try await trial.verify(judgements)
        let different = answers.indices.filter { answers[$0].differs }
        if different.isEmpty { return answers }
        try await Task.sleep(for: .milliseconds(500))
        let again = try await trial.verify(different.map { judgements[$0] })
        for (index, answer) in zip(different, again) { answers[index] = answer }
        return answers
    }
}
