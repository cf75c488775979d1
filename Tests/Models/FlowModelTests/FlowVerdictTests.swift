import ClusterAPI
import FlowModel
import NetworkTypes
import Testing

@Suite("What the kernel did and what the engine says make one verdict")
struct FlowVerdictTests {
    struct Case: CustomTestStringConvertible, Sendable {
        let testDescription: String
        let deed: FlowVerdict.Deed
        /// Whether the engine allows egress and ingress.
        let allows: (egress: Bool, ingress: Bool)
        var here = (source: true, destination: true)
        let verdict: FlowRecord.Verdict
        let rule: String
    }

    static let cases: [Case] = [
        Case(
            testDescription: "allowed", deed: .passed, allows: (true, true), verdict: .allowed,
            rule: "egress rule; ingress rule"),
        Case(
            testDescription: "the other node will deny", deed: .passed, allows: (true, false), here: (true, false),
            verdict: .denied, rule: "ingress rule"),
        Case(
            testDescription: "passed under policies of the past", deed: .passed, allows: (true, false),
            verdict: .allowed, rule: "egress rule; passed before: ingress rule"),
        Case(
            testDescription: "denied", deed: .dropped(name: "drop_policy", words: "ingress ru"), allows: (true, false),
            verdict: .denied, rule: "ingress rule"),
        Case(
            testDescription: "denied under policies of the past",
            deed: .dropped(name: "drop_policy", words: "default deny ingress"), allows: (true, true), verdict: .denied,
            rule: "default deny ingress"),
        Case(
            testDescription: "dropped for another reason", deed: .dropped(name: "drop_spoof", words: ""),
            allows: (true, true), verdict: .denied, rule: "drop_spoof"),
    ]

    @Test("verdicts", arguments: cases)
    func verdict(_ sample: Case) {
        let ends = [1, 2].map { FlowEndpoint(address: IPAddress(v4: $0)) }
        let judgement = FlowVerdict.Judgement(
            source: ends[0], destination: ends[1],
            egress: .init(allowed: sample.allows.egress, rule: "egress rule"),
            ingress: .init(allowed: sample.allows.ingress, rule: "ingress rule"), isSourceHere: sample.here.source,
            isDestinationHere: sample.here.destination)
        var record = FlowRecord(
            observer: "one", ipProtocol: 6, source: ends[0], destination: ends[1], verdict: .allowed, start: 0)
        FlowVerdict.fill(&record, sample.deed, judgement)
        #expect(record.verdict == sample.verdict)
        #expect(record.rule == sample.rule)
    }

    @Test("a staged verdict is told beside the real one, but not for what policies have no say in", arguments: cases)
    func staged(_ sample: Case) {
        let ends = [1, 2].map { FlowEndpoint(address: IPAddress(v4: $0)) }
        let decision = FlowRecord.Decision(allowed: true, rule: "rule")
        var judgement = FlowVerdict.Judgement(
            source: ends[0], destination: ends[1], egress: decision, ingress: decision, isSourceHere: true,
            isDestinationHere: true)
        for staged in [nil, FlowRecord.Decision(allowed: false, rule: "staged")] {
            judgement.staged = staged
            var record = FlowRecord(
                observer: "one", ipProtocol: 6, source: ends[0], destination: ends[1], verdict: .allowed, start: 0)
            FlowVerdict.fill(&record, sample.deed, judgement)
            #expect(record.staged == (record.drop == "drop_spoof" ? nil : staged))
        }
    }

    @Test("metrics count what would be beside what is, and have a bound")
    func stagedMetrics() {
        let web = FlowEndpoint(address: IPAddress(v4: 1), pod: ObjectKey(namespace: "shop", name: "web"), labels: [:])
        var record = FlowRecord(
            observer: "one", ipProtocol: 6, source: FlowEndpoint(address: IPAddress(v4: 9)), destination: web,
            verdict: .allowed, start: 0)
        var metrics = FlowMetrics(capacity: 2)
        metrics.count(record)
        record.staged = .init(allowed: false, rule: "staged")
        metrics.count(record)
        metrics.count(record)
        record.staged?.allowed = true
        metrics.count(record)
        for name in ["bank", "bar"] {
            record.destination.namespace = name
            metrics.count(record)
        }
        let lines = metrics.text(node: "one", drops: [:], losses: FlowLosses())
            .split(separator: "\n").filter { $0.hasPrefix("gabion_staged_flows_total") }
        func line(_ namespace: String, _ staged: String, _ count: Int) -> String {
            "gabion_staged_flows_total{node=\"one\",namespace=\"\(namespace)\",direction=\"ingress\","
                + "verdict=\"allowed\",staged=\"\(staged)\"} \(count)"
        }
        #expect(
            lines.map(String.init) == [
                line("(others)", "allowed", 2), line("shop", "allowed", 1), line("shop", "denied", 2),
            ])
    }

    @Test("what limits kept back is counted once the reports have had time to come")
    func losses() {
        var meter = LossMeter(after: ["drop_policy": 10])
        meter.read(["drop_policy": 14, "flow_new": 3])
        #expect(meter.unattended == 7 && meter.sampled == 0)
        meter.report(20)
        meter.read(["drop_policy": 114, "flow_new": 3])
        #expect(meter.sampled == 0)
        meter.read(["drop_policy": 114, "flow_new": 3])
        #expect(meter.sampled == 80)
        // The table was made anew.
        meter.report(2)
        meter.read(["drop_policy": 2, "flow_new": 0])
        meter.read(["drop_policy": 2, "flow_new": 0])
        #expect(meter.sampled == 80 && meter.unattended == 7)
        var first = LossMeter(after: nil)
        first.read(["drop_policy": 1_000_000])
        #expect(first.unattended == 0)
    }

    @Test("metrics count by namespace, direction, verdict and rule, in text that no rule's name can break")
    func metrics() {
        let web = FlowEndpoint(
            address: IPAddress(v4: 1), pod: ObjectKey(namespace: "shop", name: "web"), labels: [:])
        var record = FlowRecord(
            observer: "one", ipProtocol: 6, source: FlowEndpoint(address: IPAddress(v4: 9)), destination: web,
            verdict: .denied, start: 0)
        record.drop = "drop_policy"
        record.ingress = .init(allowed: false, rule: "a \"b\" \\ \n c")
        var metrics = FlowMetrics(capacity: 1)
        metrics.count(record)
        metrics.count(record)
        record.ingress?.rule = "another"
        metrics.count(record)
        var losses = FlowLosses()
        losses.sampled = 4
        let lines = metrics.text(node: "one", drops: ["drop_policy": 3, "flow_new": 9], losses: losses)
            .split(separator: "\n").filter { !$0.hasPrefix("#") && !$0.hasSuffix(" 0") }.map(String.init)
        let labels = "gabion_flows_total{node=\"one\",namespace=\"shop\",direction=\"ingress\",verdict=\"denied\","
        #expect(
            lines == [
                labels + "policy=\"(others)\"} 1", labels + "policy=\"a \\\"b\\\" \\\\ \\n c\"} 2",
                "gabion_dropped_packets_total{node=\"one\",reason=\"drop_policy\"} 3",
                "gabion_flow_log_lost_total{node=\"one\",reason=\"sampled\"} 4",
            ])
    }
}
