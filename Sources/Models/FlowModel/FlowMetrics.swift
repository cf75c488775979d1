/// Flows since the agent's start, by namespace, direction, verdict and policy, or staged verdict; the Prometheus text format.
///
/// Each node counts the ends that live on it, so that over all nodes a flow counts once for each of its pods: as egress of
/// the one and as ingress of the other, each with what its own side decided. A side that was not asked, since the source's
/// had denied before, counts nothing.
package struct FlowMetrics: Sendable {
    private struct Series: Hashable {
        let namespace: String
        let direction: String
        let verdict: FlowRecord.Verdict
        let policy: String
    }

    private struct StagedSeries: Hashable {
        let namespace: String
        let direction: String
        let verdict: FlowRecord.Verdict
        let staged: FlowRecord.Verdict
    }

    /// Tenants choose how many policies there are.
    private var flows: BoundedCounters<Series>
    private var staged: BoundedCounters<StagedSeries>

    package init(capacity: Int = 10_000) {
        flows = BoundedCounters(capacity: capacity) { $0.namespace }
        staged = BoundedCounters(capacity: capacity) { $0.namespace }
    }

    /// Counts a flow that began.
    package mutating func count(_ record: FlowRecord) {
        count(record, record.source, "egress", record.egress)
        let isStopped =
            record.isJudgedByPolicies && record.source.node == record.observer && record.egress?.allowed == false
        if !isStopped { count(record, record.destination, "ingress", record.ingress) }
    }

    private mutating func count(
        _ record: FlowRecord, _ end: FlowEndpoint, _ direction: String, _ decision: FlowRecord.Decision?
    ) {
        guard end.kind == .pod, let namespace = end.namespace, end.node == record.observer else { return }
        if let drop = record.drop, !record.isJudgedByPolicies {
            flows.count(Series(namespace: namespace, direction: direction, verdict: .denied, policy: drop))
            return
        }
        let verdict: FlowRecord.Verdict = decision?.allowed == false ? .denied : .allowed
        flows.count(
            Series(
                namespace: namespace, direction: direction, verdict: verdict, policy: decision?.policy ?? "(none)"))
        guard let wouldBe = record.staged else { return }
        staged.count(
            StagedSeries(
                namespace: namespace, direction: direction, verdict: record.verdict,
                staged: wouldBe.allowed ? .allowed : .denied))
    }

    /// - Parameters:
    ///   - drops: packets by the kernel's counters.
    ///   - ways: how many addresses of pods leave the cluster which way, where any has one of its own.
    package func text(
        node: String, drops: [String: UInt64], losses: FlowLosses, ways: [String: Int] = [:]
    ) -> String {
        let node = "node=\"\(Self.escaped(node))\""
        var lines = [
            "# HELP gabion_flows_total Flows that began, by what a pod's side decided.",
            "# TYPE gabion_flows_total counter",
        ]
        lines += flows.counts.map { series, count in
            "gabion_flows_total{\(node),namespace=\"\(Self.escaped(series.namespace))\","
                + "direction=\"\(series.direction)\",verdict=\"\(series.verdict.rawValue)\","
                + "policy=\"\(Self.escaped(series.policy))\"} \(count)"
        }.sorted()
        lines += stagedLines(node)
        lines += [
            "# HELP gabion_flow_series_evicted_total Series of flows that gave way to others.",
            "# TYPE gabion_flow_series_evicted_total counter",
            "gabion_flow_series_evicted_total{\(node)} \(flows.evicted + staged.evicted)",
        ]
        lines += [
            "# HELP gabion_dropped_packets_total Packets that the kernel dropped, by reason.",
            "# TYPE gabion_dropped_packets_total counter",
        ]
        lines += drops.filter { $0.key.hasPrefix("drop_") }.map { name, count in
            "gabion_dropped_packets_total{\(node),reason=\"\(Self.escaped(name))\"} \(count)"
        }.sorted()
        lines += [
            "# HELP gabion_flow_log_lost_total What the flow log does not have, by reason.",
            "# TYPE gabion_flow_log_lost_total counter",
        ]
        lines += losses.all.map { "gabion_flow_log_lost_total{\(node),reason=\"\($0.name)\"} \($0.count)" }
        if !ways.isEmpty {
            lines += [
                "# HELP gabion_egress_pod_addresses Addresses of pods that leave with an egress address, by way.",
                "# TYPE gabion_egress_pod_addresses gauge",
            ]
            lines += ways.map { "gabion_egress_pod_addresses{\(node),way=\"\($0.key)\"} \($0.value)" }.sorted()
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private func stagedLines(_ node: String) -> [String] {
        [
            "# HELP gabion_staged_flows_total Flows that began while policies were staged, by what was and what would be.",
            "# TYPE gabion_staged_flows_total counter",
        ]
            + staged.counts.map { series, count in
                "gabion_staged_flows_total{\(node),namespace=\"\(Self.escaped(series.namespace))\","
                    + "direction=\"\(series.direction)\",verdict=\"\(series.verdict.rawValue)\","
                    + "staged=\"\(series.staged.rawValue)\"} \(count)"
            }.sorted()
    }

    private static func escaped(_ text: String) -> String {
        var result = ""
        for character in text.unicodeScalars {
            switch character {
            case "\\": result += "\\\\"
            case "\"": result += "\\\""
            case "\n": result += "\\n"
            default: result.unicodeScalars.append(character)
            }
        }
        return result
    }
}
