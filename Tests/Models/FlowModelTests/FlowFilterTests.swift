import ClusterAPI
import FlowModel
import NetworkTypes
import Testing

@Suite("Which flows are wanted")
struct FlowFilterTests {
    /// The same in the words of the documentation, one sentence after the other, without looking at the other.
    private static func naive(_ filter: FlowFilter, _ flow: FlowRecord) -> Bool {
        var answers: [Bool] = []
        answers.append(filter.verdict == nil || filter.verdict == flow.verdict)
        switch (filter.staged, flow.staged?.allowed) {
        case (nil, _): break
        case (_, nil): answers.append(false)
        case (.allow, let would?): answers.append(would)
        case (.deny, let would?): answers.append(!would)
        case (.differs, let would?): answers.append(flow.verdict == (would ? .denied : .allowed))
        }
        answers.append(filter.since == nil || flow.last >= filter.since ?? 0)
        answers.append(filter.until == nil || flow.start < filter.until ?? 0)
        let name = [6: "TCP", 17: "UDP", 132: "SCTP", 1: "ICMP", 58: "ICMP"][flow.ipProtocol] ?? ""
        answers.append(filter.protocols.isEmpty || filter.protocols.map(\.rawValue).contains(name))
        var portAnswer = filter.ports.isEmpty
        for ports in filter.ports {
            for port in [flow.source.port, flow.destination.port] {
                if let port, port >= ports.first, port <= ports.last { portAnswer = true }
            }
        }
        answers.append(portAnswer)
        var ruleAnswer = filter.rule == nil
        for text in [
            flow.rule, flow.egress?.rule ?? "", flow.ingress?.rule ?? "", flow.drop ?? "", flow.staged?.rule ?? "",
        ] {
            if text.uppercased().contains(filter.rule?.uppercased() ?? "no such text") { ruleAnswer = true }
        }
        answers.append(ruleAnswer)
        let ends = [flow.source, flow.destination].map { end in
            let pod = "\(end.namespace ?? "?")/\(end.pod ?? "?")"
            let names = filter.pods.map { $0.contains("/") ? $0 : "\(end.namespace ?? "?")/\($0)" }
            return (filter.pods.isEmpty || names.contains(pod))
                && (filter.namespaces.isEmpty || filter.namespaces.contains(end.namespace ?? "?"))
                && (filter.labels.isEmpty
                    || end.labels != nil && !filter.labels.contains { !$0.matches(end.labels ?? [:]) })
                && (filter.zones.isEmpty || filter.zones.contains(end.zone ?? "?"))
                && (filter.addresses.isEmpty || filter.addresses.contains { $0.contains(end.address) })
        }
        answers.append(ends.contains(true))
        return !answers.contains(false)
    }

    @Test("as a naive reading of the words says", arguments: UInt64(1)...20)
    func naively(seed: UInt64) {
        var random = RandomFlows(seed: seed)
        var wanted = 0
        for number in 0..<2000 {
            let flow = random.record(id: Int64(number))
            let filter = random.filter()
            let answer = filter.matches(flow)
            #expect(answer == Self.naive(filter, flow), "seed \(seed): \(filter) \(flow)")
            if answer { wanted += 1 }
        }
        #expect((100..<1900).contains(wanted))
    }

    @Test("pod and labels must be of one end")
    func oneEnd() {
        let web = FlowEndpoint(
            address: IPAddress(v4: 1), pod: ObjectKey(namespace: "shop", name: "web"), labels: ["app": "web"])
        let database = FlowEndpoint(
            address: IPAddress(v4: 2), pod: ObjectKey(namespace: "bank", name: "db"), labels: ["app": "db"])
        let flow = FlowRecord(
            observer: "one", ipProtocol: 6, source: web, destination: database, verdict: .allowed, start: 0)
        var filter = FlowFilter()
        filter.namespaces = ["shop"]
        filter.labels = [LabelSelector(matchLabels: ["app": "db"])]
        #expect(!filter.matches(flow))
        filter.namespaces = ["bank"]
        #expect(filter.matches(flow))
    }
}
