package import ClusterAPI
package import FlowModel
package import PolicyEngine

/// What a change of policies does to flows that were seen.
///
/// A cut is a flow that was allowed when it was seen, that the present policies allow, and that the new ones deny. Flows are
/// judged in the direction in which they were opened: replies follow.
package struct ChangeJudgement: Sendable {
    package private(set) var cuts: [FlowCut: FlowCut.Sightings] = [:]
    /// Allowed flows that were judged.
    package private(set) var judged = 0
    /// Allowed when they were seen; the present policies deny them already.
    package private(set) var deniedBefore = 0
    /// Allowed flows that could not be judged, by the reason.
    package private(set) var unjudged: [FlowParties.Obstacle: Int] = [:]
    /// When the first and the last of the judged flows were seen; microseconds since 1970.
    package private(set) var span: ClosedRange<Int64>?

    /// - Parameters:
    ///   - before: The cluster now.
    ///   - after: The same pods under the new policies.
    ///   - pods: The pods of both.
    package init(_ records: [FlowRecord], before: PolicyEngine, after: PolicyEngine, pods: [Pod]) {
        let parties = FlowParties(pods: pods, engine: before)
        for record in FlowMerge.merged(records) where record.verdict == .allowed {
            switch parties.question(record) {
            case .failure(let obstacle): unjudged[obstacle, default: 0] += 1
            case .success(let question): judge(record, question, before, after)
            }
        }
    }

    private mutating func judge(
        _ record: FlowRecord, _ question: FlowParties.Question, _ before: PolicyEngine, _ after: PolicyEngine
    ) {
        judged += 1
        span = min(span?.lowerBound ?? record.start, record.start)...max(span?.upperBound ?? record.last, record.last)
        guard before.verdict(for: question.flow).allowed else {
            deniedBefore += 1
            return
        }
        let verdict = after.verdict(for: question.flow)
        if verdict.allowed { return }
        let cut = FlowCut(
            source: Self.place(question.source, record.source),
            destination: Self.place(question.destination, record.destination), transport: question.flow.transport,
            port: question.flow.port, rule: verdict.rule)
        cuts[cut, default: FlowCut.Sightings()].add(record)
    }

    private static func place(_ end: FlowParties.End, _ recorded: FlowEndpoint) -> FlowCut.Place {
        if case .pod(let pod, _) = end { return .workload(Workload(pod)) }
        return recorded.kind == .node ? .node(recorded.node ?? "\(recorded.address)") : .outside
    }

    /// The flows that would be cut.
    package var cutFlows: Int { cuts.values.reduce(0) { $0 + $1.flows } }

    /// The most frequent first.
    package var sortedCuts: [(cut: FlowCut, seen: FlowCut.Sightings)] {
        cuts.map { ($0.key, $0.value) }.sorted { one, other in
            if one.1.flows != other.1.flows { return one.1.flows > other.1.flows }
            if one.0.source != other.0.source { return one.0.source < other.0.source }
            if one.0.destination != other.0.destination { return one.0.destination < other.0.destination }
            return (one.0.portText, one.0.rule) < (other.0.portText, other.0.rule)
        }
    }
}
