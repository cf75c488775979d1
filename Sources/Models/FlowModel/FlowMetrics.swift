/// Flows since the agent's start, by namespace, direction, verdict and rule, or staged verdict; the Prometheus text format.
///
/// A flow between two pods counts for both namespaces: as egress of the one and as ingress of the other.
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

    /// Rules have names that tenants choose: what is beyond is counted without its rule.
    private let capacity: Int
    private var flows: [Series: UInt64] = [:]
    private var staged: [StagedSeries: UInt64] = [:]

    package init(capacity: Int = 10_000) { self.capacity = capacity }

    /// Counts a flow that began.
    package mutating func count(_ record: FlowRecord) {
        count(record, record.source, "egress", record.egress)
        count(record, record.destination, "ingress", record.ingress)
    }

    private mutating func count(
        _ record: FlowRecord, _ end: FlowEndpoint, _ direction: String, _ decision: FlowRecord.Decision?
    ) {
        guard let namespace = end.namespace else { return }
        let isPolicy = record.drop == nil || record.drop == FlowVerdict.policyDrop
        let rule = isPolicy ? decision?.rule ?? "" : record.rule
        var series = Series(namespace: namespace, direction: direction, verdict: record.verdict, policy: rule)
        if flows[series] == nil, flows.count >= capacity {
            series = Series(namespace: namespace, direction: direction, verdict: record.verdict, policy: "(others)")
        }
        flows[series, default: 0] += 1
        if let decision = record.staged { count(decision, namespace, direction, record.verdict) }
    }

    private mutating func count(
        _ decision: FlowRecord.Decision, _ namespace: String, _ direction: String, _ verdict: FlowRecord.Verdict
    ) {
        let wouldBe: FlowRecord.Verdict = decision.allowed ? .allowed : .denied
        var series = StagedSeries(namespace: namespace, direction: direction, verdict: verdict, staged: wouldBe)
        if staged[series] == nil, staged.count >= capacity {
            series = StagedSeries(namespace: "(others)", direction: direction, verdict: verdict, staged: wouldBe)
        }
        staged[series, default: 0] += 1
    }

    /// - Parameter drops: packets by the kernel's counters.
    package func text(node: String, drops: [String: UInt64], losses: FlowLosses) -> String {
        let node = "node=\"\(Self.escaped(node))\""
        var lines = [
            "# HELP gabion_flows_total Flows that began, by the deciding rule of a pod's side.",
            "# TYPE gabion_flows_total counter",
        ]
        lines += flows.map { series, count in
            "gabion_flows_total{\(node),namespace=\"\(Self.escaped(series.namespace))\","
                + "direction=\"\(series.direction)\",verdict=\"\(series.verdict.rawValue)\","
                + "policy=\"\(Self.escaped(series.policy))\"} \(count)"
        }.sorted()
        lines += stagedLines(node)
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
        return lines.joined(separator: "\n") + "\n"
    }

    private func stagedLines(_ node: String) -> [String] {
        [
            "# HELP gabion_staged_flows_total Flows that began while policies were staged, by what was and what would be.",
            "# TYPE gabion_staged_flows_total counter",
        ]
            + staged.map { series, count in
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
