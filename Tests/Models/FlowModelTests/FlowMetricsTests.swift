import ClusterAPI
import FlowModel
import NetworkTypes
import Testing

@Suite("What the metrics count of flows")
struct FlowMetricsTests {
    private static func pod(_ namespace: String, _ name: String, on node: String) -> FlowEndpoint {
        FlowEndpoint(
            address: IPAddress(v4: 1), pod: ObjectKey(namespace: namespace, name: name), labels: [:], node: node)
    }

    private static func record(
        from source: FlowEndpoint, to destination: FlowEndpoint, egress: FlowRecord.Decision? = nil,
        ingress: FlowRecord.Decision? = nil, drop: String? = nil, seenBy node: String = "one"
    ) -> FlowRecord {
        let isAllowed = drop == nil && egress?.allowed != false && ingress?.allowed != false
        var record = FlowRecord(
            observer: node, ipProtocol: 6, source: source, destination: destination,
            verdict: isAllowed ? .allowed : .denied, start: 0)
        record.egress = egress ?? allowed
        record.ingress = ingress ?? allowed
        record.drop = drop
        return record
    }

    private static let allowed = FlowRecord.Decision(allowed: true, rule: "no policy selects it", policy: "(none)")
    private static func by(_ policy: String, allowed: Bool) -> FlowRecord.Decision {
        FlowRecord.Decision(allowed: allowed, rule: "a rule of it", policy: policy)
    }

    private static func lines(_ metrics: FlowMetrics, _ name: String, node: String = "one") -> [String] {
        metrics.text(node: node, drops: [:], losses: FlowLosses()).split(separator: "\n").map(String.init)
            .filter { $0.hasPrefix(name + "{") }.map { $0.replacing("node=\"\(node)\",", with: "") }
    }

    private static func line(
        _ namespace: String, _ direction: String, _ verdict: String, _ policy: String, _ count: Int = 1
    ) -> String {
        "gabion_flows_total{namespace=\"\(namespace)\",direction=\"\(direction)\",verdict=\"\(verdict)\","
            + "policy=\"\(policy)\"} \(count)"
    }

    struct Case: CustomTestStringConvertible, Sendable {
        let testDescription: String
        /// As each node tells it.
        let records: [FlowRecord]
        let lines: [String]
    }

    private static let web = pod("shop", "web-1", on: "one")
    private static let db = pod("bank", "db-1", on: "one")
    private static let far = pod("bank", "db-2", on: "two")

    static let cases: [Case] = [
        Case(
            testDescription: "each side counts with its own verdict and policy",
            records: [
                record(
                    from: web, to: db, egress: by("NetworkPolicy shop/out", allowed: true),
                    ingress: by("NetworkPolicy bank/in", allowed: false), drop: "drop_policy")
            ],
            lines: [
                line("bank", "ingress", "denied", "NetworkPolicy bank/in"),
                line("shop", "egress", "allowed", "NetworkPolicy shop/out"),
            ]),
        Case(
            testDescription: "a side that was not asked counts nothing",
            records: [
                record(
                    from: web, to: db, egress: by("Zone app", allowed: false),
                    ingress: by("Zone data", allowed: false), drop: "drop_policy")
            ],
            lines: [line("shop", "egress", "denied", "Zone app")]),
        Case(
            testDescription: "a flow between nodes counts once for each pod, on the pod's own node",
            records: ["one", "two"].map { node in
                record(from: web, to: far, ingress: by("(default deny)", allowed: false), seenBy: node)
            },
            lines: [
                line("bank", "ingress", "denied", "(default deny)"), line("shop", "egress", "allowed", "(none)"),
            ]),
        Case(
            testDescription: "a packet that came from another node had passed there, whatever its policies say by now",
            records: [record(from: far, to: web, egress: by("Zone app", allowed: false))],
            lines: [line("shop", "ingress", "allowed", "(none)")]),
        Case(
            testDescription: "a drop of the kernel's own counts under its name",
            records: [record(from: web, to: far, drop: "drop_spoof")],
            lines: [line("shop", "egress", "denied", "drop_spoof")]),
        Case(
            testDescription: "what is no pod has no namespace",
            records: [record(from: FlowEndpoint(address: IPAddress(v4: 9)), to: web)],
            lines: [line("shop", "ingress", "allowed", "(none)")]),
    ]

    @Test("flows by namespace, direction, verdict and policy", arguments: cases)
    func flows(_ sample: Case) {
        var found: [String] = []
        for node in ["one", "two"] {
            var metrics = FlowMetrics()
            for record in sample.records where record.observer == node { metrics.count(record) }
            found += Self.lines(metrics, "gabion_flows_total", node: node)
        }
        #expect(found.sorted() == sample.lines)
    }

    @Test("no pod's name is in it: a thousand pods that come and go are one series")
    func churn() {
        var metrics = FlowMetrics()
        for number in 0..<1000 {
            let decision = FlowRecord.Decision(
                allowed: true, rule: "no policy selects shop/web-\(number) for ingress", policy: "(none)")
            metrics.count(
                Self.record(
                    from: FlowEndpoint(address: IPAddress(v4: 9)), to: Self.pod("shop", "web-\(number)", on: "one"),
                    ingress: decision))
        }
        #expect(
            Self.lines(metrics, "gabion_flows_total") == [Self.line("shop", "ingress", "allowed", "(none)", 1000)])
    }

    @Test("beyond the bound the series counted longest ago give way, and one namespace's crowd pushes out its own")
    func bound() {
        var metrics = FlowMetrics(capacity: 16)
        func count(_ namespace: String, _ number: Int) {
            let policy = "NetworkPolicy \(namespace)/p\(number)"
            metrics.count(
                Self.record(
                    from: FlowEndpoint(address: IPAddress(v4: 9)), to: Self.pod(namespace, "web", on: "one"),
                    ingress: Self.by(policy, allowed: true)))
        }
        for number in 0..<4 { count("bank", number) }
        for number in 0..<500 { count("crowd", number) }
        count("bank", 9)
        let lines = Self.lines(metrics, "gabion_flows_total")
        #expect(lines.count <= 16)
        for number in [0, 1, 2, 3, 9] {
            #expect(lines.contains(Self.line("bank", "ingress", "allowed", "NetworkPolicy bank/p\(number)")))
        }
        #expect(lines.contains(Self.line("crowd", "ingress", "allowed", "NetworkPolicy crowd/p499")))
        let text = metrics.text(node: "one", drops: [:], losses: FlowLosses())
        #expect(text.contains("gabion_flow_series_evicted_total{node=\"one\"} \(505 - lines.count)\n"))
    }

    @Test("what would be is counted beside what is")
    func staged() {
        var record = Self.record(from: FlowEndpoint(address: IPAddress(v4: 9)), to: Self.web)
        var metrics = FlowMetrics()
        metrics.count(record)
        record.staged = .init(allowed: false, rule: "staged")
        metrics.count(record)
        metrics.count(record)
        record.staged?.allowed = true
        metrics.count(record)
        record.destination.node = "two"
        metrics.count(record)
        func line(_ staged: String, _ count: Int) -> String {
            "gabion_staged_flows_total{namespace=\"shop\",direction=\"ingress\",verdict=\"allowed\","
                + "staged=\"\(staged)\"} \(count)"
        }
        #expect(Self.lines(metrics, "gabion_staged_flows_total") == [line("allowed", 1), line("denied", 2)])
    }

    @Test("no name breaks the text")
    func escaping() {
        var metrics = FlowMetrics()
        metrics.count(
            Self.record(
                from: FlowEndpoint(address: IPAddress(v4: 9)), to: Self.web,
                ingress: Self.by("a \"b\" \\ \n c", allowed: true)))
        #expect(
            Self.lines(metrics, "gabion_flows_total") == [
                Self.line("shop", "ingress", "allowed", "a \\\"b\\\" \\\\ \\n c")
            ])
        var losses = FlowLosses()
        losses.sampled = 4
        let text = metrics.text(node: "one", drops: ["drop_policy": 3, "flow_new": 9], losses: losses)
        #expect(text.contains("gabion_dropped_packets_total{node=\"one\",reason=\"drop_policy\"} 3\n"))
        #expect(text.contains("gabion_flow_log_lost_total{node=\"one\",reason=\"sampled\"} 4\n"))
        #expect(!text.contains("flow_new"))
    }
}
