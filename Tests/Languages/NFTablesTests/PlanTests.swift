import NFTables
import NetworkTypes
import Testing

@Suite("Plans")
struct PlanTests {
    private static func key(_ bits: UInt32) -> ElementKey { ElementKey(.address(IPAddress(v4: bits))) }

    private static let base = Table(
        .inet, "plan_1",
        chains: [
            "forward_1": Chain(
                .init(.filter, .forward, priority: 0),
                rules: [
                    Rule(id: "peers", .lookup([.sourceAddress(.v4)], "peers_1"), .verdict(.accept)),
                    Rule(id: "pods", .verdictMap([.destinationAddress(.v4)], "pods_1")),
                ]),
            "pod_1": Chain(rules: [Rule(id: "deny", .namedCounter("denied_1"), .verdict(.drop))]),
            "pod_2": Chain(rules: [Rule(id: "deny", .verdict(.drop))]),
        ],
        sets: ["peers_1": NamedSet(.ipv4Address, flags: .interval, elements: [key(1), key(2)])],
        maps: ["pods_1": NamedMap(.ipv4Address, verdicts: [key(1): .jump("pod_1"), key(2): .jump("pod_2")])],
        counters: ["denied_1"])

    static let changes: [(String, @Sendable (inout Table) -> Void, [String])] = [
        ("nothing", { _ in }, []),
        (
            "an element comes and one goes",
            {
                $0.sets["peers_1"]?.elements.remove(key(1))
                $0.sets["peers_1"]?.elements.insert(key(3))
            }, ["delete element inet plan_1 peers_1 { 0.0.0.1 }", "add element inet plan_1 peers_1 { 0.0.0.3 }"]
        ),
        (
            "a verdict changes", { $0.maps["pods_1"]?.elements[key(1)] = .verdict(.drop) },
            ["delete element inet plan_1 pods_1 { 0.0.0.1 }", "add element inet plan_1 pods_1 { 0.0.0.1 : drop }"]
        ),
        (
            "a pod goes: elements before the chain",
            {
                $0.chains["pod_2"] = nil
                $0.maps["pods_1"]?.elements[key(2)] = nil
            },
            [
                "flush chain inet plan_1 pod_2", "delete element inet plan_1 pods_1 { 0.0.0.2 }",
                "delete chain inet plan_1 pod_2",
            ]
        ),
        (
            "a pod comes: the chain before the elements",
            {
                $0.chains["pod_3"] = Chain(rules: [Rule(id: "x", .counter)])
                $0.maps["pods_1"]?.elements[key(3)] = .verdict(.goto("pod_3"))
            },
            [
                "add chain inet plan_1 pod_3", "add rule inet plan_1 pod_3 \(Rule(id: "x", .counter).textWithComment)",
                "add element inet plan_1 pods_1 { 0.0.0.3 : goto pod_3 }",
            ]
        ),
        (
            "a policy changes in place", { $0.chains["forward_1"]?.base?.policy = .drop },
            ["add chain inet plan_1 forward_1 { type filter hook forward priority 0; policy drop; }"]
        ),
        (
            "rules are rewritten in their chain alone",
            { $0.chains["pod_2"]?.rules = [Rule(id: "allow", .verdict(.accept))] },
            [
                "flush chain inet plan_1 pod_2",
                "add rule inet plan_1 pod_2 \(Rule(id: "allow", .verdict(.accept)).textWithComment)",
            ]
        ),
        (
            "a counter comes", { $0.counters.insert("other_1") },
            ["add counter inet plan_1 other_1"]
        ),
    ]

    @Test("a change leads to the smallest transaction", arguments: changes)
    func smallest(name: String, change: @Sendable (inout Table) -> Void, expected: [String]) {
        var desired = Self.base
        change(&desired)
        #expect(Transaction.plan(from: Self.base, to: desired).lines == expected)
        #expect(Transaction.plan(from: desired, to: desired).isEmpty)
    }

    @Test("a set with a new type is made anew, with the rules that look it up")
    func redefinition() {
        var desired = Self.base
        desired.sets["peers_1"] = NamedSet(.ipv4Address, elements: [Self.key(9)])
        let rules = (Self.base.chains["forward_1"]?.rules ?? []).map(\.textWithComment)
        #expect(
            Transaction.plan(from: Self.base, to: desired).lines == [
                "flush chain inet plan_1 forward_1", "delete set inet plan_1 peers_1",
                "add set inet plan_1 peers_1 { type ipv4_addr; }",
            ] + rules.map { "add rule inet plan_1 forward_1 \($0)" } + ["add element inet plan_1 peers_1 { 0.0.0.9 }"])
    }

    @Test("elements of a dynamic set are left alone")
    func dynamic() {
        var present = Self.base
        present.sets["seen_1"] = NamedSet(.ipv4Address, flags: [.dynamic, .timeout], elements: [Self.key(1)])
        var desired = present
        desired.sets["seen_1"]?.elements = []
        #expect(Transaction.plan(from: present, to: desired).isEmpty)
    }

    @Test("networks within others are left out, neighbours stay")
    func networks() throws {
        let networks = try ["10.1.0.0/16", "10.0.0.0/8", "11.0.0.0/8", "fd00::/8", "fd00::1/128", "10.0.0.0/8"].map {
            try #require(CIDR($0))
        }
        #expect(ElementKey.networks(networks).sorted().map(\.text) == ["10.0.0.0/8", "11.0.0.0/8", "fd00::/8"])
    }
}
