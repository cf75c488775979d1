import ClusterAPI
import FlowModel
import NetworkTypes
import TestRandom

/// Flows and filters of few values each, so that they meet.
struct RandomFlows {
    private var random: SeededGenerator

    init(seed: UInt64) { random = SeededGenerator(seed: seed) }

    private mutating func number(_ count: Int) -> Int { random.below(count) }

    private mutating func one<Value>(_ values: [Value]) -> Value { random.pick(values) }

    mutating func endpoint() -> FlowEndpoint {
        let address = IPAddress(v4: 0x0A00_0000 + UInt32(number(6)))
        var end: FlowEndpoint
        switch number(4) {
        case 0: end = FlowEndpoint(address: address)
        case 1:
            end = FlowEndpoint(address: address, kind: .node)
            end.node = one(["one", "two"])
        default:
            let key = ObjectKey(namespace: one(["shop", "bank"]), name: one(["web", "db"]))
            end = FlowEndpoint(
                address: address, pod: key, labels: one([[:], ["app": "web"], ["app": "db", "tier": "a"]]))
        }
        if number(3) == 0 { end.zone = one(["dmz", "inside"]) }
        if number(4) > 0 { end.port = one([80, 443, 40_000]) }
        return end
    }

    mutating func record(id: Int64) -> FlowRecord {
        var record = FlowRecord(
            id: id, observer: "one", ipProtocol: one([6, 17, 1]), source: endpoint(), destination: endpoint(),
            verdict: one([.allowed, .denied]), start: Int64(number(100)))
        record.last = record.start + Int64(number(50))
        if number(2) == 0 { record.end = record.last }
        if number(3) > 0 {
            record.egress = FlowRecord.Decision(
                allowed: number(2) == 0, rule: one(["NetworkPolicy shop/web egress[0]", "no policy selects it"]))
            record.ingress = FlowRecord.Decision(
                allowed: number(2) == 0, rule: one(["NetworkPolicy bank/db ingress[1]", "default deny ingress"]))
        }
        if number(2) == 0 {
            record.staged = FlowRecord.Decision(allowed: number(2) == 0, rule: "NetworkPolicy shop/next")
        }
        if record.verdict == .denied { record.drop = one([nil, "drop_policy", "drop_spoof"]) }
        return record
    }

    mutating func filter() -> FlowFilter {
        var filter = FlowFilter()
        if number(3) == 0 { filter.pods = one([["web"], ["shop/db"], ["bank/web", "db"]]) }
        if number(4) == 0 { filter.namespaces = one([["shop"], ["bank", "shop"], ["none"]]) }
        if number(4) == 0 {
            filter.labels = one([
                [LabelSelector(matchLabels: ["app": "web"])],
                [
                    LabelSelector(matchLabels: ["app": "db"]),
                    LabelSelector(matchExpressions: [.init(key: "tier", operator: .exists)]),
                ], [LabelSelector(matchExpressions: [.init(key: "tier", operator: .doesNotExist)])],
            ])
        }
        if number(6) == 0 { filter.zones = one([["dmz"], ["dmz", "inside"]]) }
        if number(5) == 0 {
            filter.addresses = [CIDR(IPAddress(v4: 0x0A00_0000), prefixLength: one([30, 31, 32]))].compactMap(\.self)
        }
        if number(5) == 0 { filter.ports = [FlowFilter.Ports(one([PortRange(80), PortRange.all, PortRange(1)]))] }
        if number(5) == 0 { filter.protocols = one([[.tcp], [.udp, .icmp]]) }
        if number(4) == 0 { filter.verdict = one([.allowed, .denied]) }
        if number(5) == 0 { filter.staged = one([.allow, .deny, .differs]) }
        if number(5) == 0 { filter.rule = one(["SHOP", "default deny", "spoof", "nothing"]) }
        if number(4) == 0 { filter.since = Int64(number(120)) }
        if number(4) == 0 { filter.until = Int64(number(120)) }
        return filter
    }
}
