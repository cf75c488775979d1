import AddressAllocation
import ClusterAPI
import NetworkTypes
import TestRandom
import Testing

@Suite struct LoadBalancerPlanTests {
    private static func service(_ name: String, has: [String] = [], _ change: (inout Service) -> Void = { _ in })
        -> Service
    {
        var service = Service(metadata: ObjectMeta(name: name, namespace: "shop"), spec: ServiceSpec())
        service.spec?.type = "LoadBalancer"
        service.spec?.ipFamilies = ["IPv4"]
        service.status = ServiceStatus(
            loadBalancer: LoadBalancerStatus(ingress: has.map { LoadBalancerIngress(ip: $0) }))
        change(&service)
        return service
    }

    /// By service, the addresses that it is to have; who is not named is left alone.
    private func plan(
        _ services: [Service], _ policies: [ExternalIPPolicy], nodes: [String] = [], isAlone: Bool = true
    ) -> [String: LoadBalancerPlan.Outcome] {
        let plan = LoadBalancerPlan(
            services, rules: ExternalIPRules(policies, reserved: [CIDR("10.128.0.0/14")].compactMap(\.self)),
            nodes: Set(nodes.compactMap { IPAddress($0) }), isAlone: isAlone)
        return Dictionary(uniqueKeysWithValues: plan.outcomes.map { ($0.key.name, $0.value) })
    }

    private func addresses(_ outcome: LoadBalancerPlan.Outcome?) -> [String]? { outcome?.addresses.map(\.description) }

    private static let pool = ExternalIPRulesTests.policy(
        rejected: ["192.0.2.1/32"], pool: ["192.0.2.0/30", "2001:db8::/126"])

    @Test("a choice takes nobody's address away, and one in vain costs nobody his own")
    func choosesInVain() {
        let services = [
            Self.service("a", has: ["192.0.2.0"]) { $0.spec?.loadBalancerIP = "192.0.2.2" },
            Self.service("b", has: ["192.0.2.2"]),
            Self.service("c", has: ["192.0.2.3"]) { $0.spec?.loadBalancerIP = "192.0.2.3" },
        ]
        let outcomes = plan(services, [Self.pool])
        #expect(["a", "b", "c"].map { addresses(outcomes[$0]) } == [["192.0.2.0"], ["192.0.2.2"], ["192.0.2.3"]])
        #expect(outcomes["a"]?.problem?.contains("another service has it") == true && outcomes["c"]?.problem == nil)
    }

    @Test("services get free addresses of the pools in turn, the oldest first, and are told when none is left")
    func draws() {
        let services = ["c", "a", "b", "d"].enumerated().map { index, name in
            Self.service(name) { $0.metadata.creationTimestamp = "2026-01-01T00:00:0\(index)Z" }
        }
        let outcomes = plan(services, [Self.pool], nodes: ["192.0.2.3"])
        // Without the rejected one and the node's.
        #expect(["c", "a", "b", "d"].map { addresses(outcomes[$0]) } == [["192.0.2.0"], ["192.0.2.2"], [], []])
        #expect(outcomes["b"]?.problem == "no address of IPv4 is free in autoAssignCIDRs of the ExternalIPPolicies")
        #expect(outcomes["a"]?.problem == nil)
    }

    @Test("what a service has it keeps, in a pool or not any more, and others get what is left")
    func keeps() {
        let services = [
            Self.service("a"), Self.service("b", has: ["192.0.2.0"]), Self.service("c", has: ["198.51.100.9"]),
        ]
        let outcomes = plan(services, [Self.pool])
        #expect(["a", "b", "c"].map { addresses(outcomes[$0]) } == [["192.0.2.2"], ["192.0.2.0"], ["198.51.100.9"]])
        #expect(addresses(plan([Self.service("c", has: ["198.51.100.9"])], [])["c"]) == ["198.51.100.9"])
    }

    @Test(
        "what is rejected is taken away, as is what two have from the younger, and what a service of another type has")
    func withdraws() {
        let services = [
            Self.service("a", has: ["192.0.2.1"]),
            Self.service("b", has: ["192.0.2.2"]) { $0.metadata.creationTimestamp = "2026-01-02T00:00:00Z" },
            Self.service("c", has: ["192.0.2.2"]) { $0.metadata.creationTimestamp = "2026-01-01T00:00:00Z" },
            Self.service("d", has: ["192.0.2.3"]) { $0.spec?.type = "ClusterIP" },
        ]
        let outcomes = plan(services, [Self.pool])
        #expect(["a", "b", "c", "d"].map { addresses(outcomes[$0]) } == [["192.0.2.0"], [], ["192.0.2.2"], []])
    }

    struct Choice: Sendable, CustomTestStringConvertible {
        let address: String
        /// What is wrong with it; nil when it is given.
        let problem: String?
        var testDescription: String { "\(address): \(problem ?? "given")" }
    }

    static let choices = [
        Choice(address: "192.0.2.2", problem: nil), Choice(address: "203.0.113.5", problem: nil),
        Choice(address: "192.0.2.1", problem: "rejects"),
        Choice(address: "192.0.2.3", problem: "a node or another service has it"),
        Choice(address: "192.0.2.0", problem: "a node or another service has it"),
        Choice(address: "198.51.100.1", problem: "in allowedCIDRs and autoAssignCIDRs of no"),
        Choice(address: "10.128.0.7", problem: "for pods and services"),
        Choice(address: "2001:db8::1", problem: "no addresses of its family"),
        Choice(address: "here", problem: "no address"),
    ]

    @Test(
        "a chosen address is given where the policies have it and nobody else; no other in its place",
        arguments: choices)
    func chooses(_ choice: Choice) {
        let chosen = Self.service("a") { $0.spec?.loadBalancerIP = choice.address }
        let other = Self.service("b") {
            $0.spec?.type = "ClusterIP"
            $0.spec?.externalIPs = ["192.0.2.0"]
        }
        let allowed = ExternalIPRulesTests.policy("more", allowed: ["203.0.113.0/24"])
        let outcome = plan([chosen, other], [Self.pool, allowed], nodes: ["192.0.2.3"])["a"]
        if let problem = choice.problem {
            #expect(outcome?.problem?.contains(problem) == true, "\(outcome?.problem ?? "given")")
            #expect(choice.address.contains(":") || outcome?.addresses == [])
        } else {
            #expect(addresses(outcome) == [choice.address] && outcome?.problem == nil)
        }
    }

    /// Families and policy of a service, its addresses, and whether something is missing.
    static let families: [([String], String, [String], Bool)] = [
        (["IPv6"], "SingleStack", ["2001:db8::"], false),
        (["IPv6", "IPv4"], "PreferDualStack", ["2001:db8::", "192.0.2.0"], false),
        (["IPv4", "IPv6"], "RequireDualStack", ["192.0.2.0", "2001:db8::"], false),
    ]

    @Test("a service has an address of each of its families, in its order", arguments: families)
    func hasFamilies(_ families: [String], _ policy: String, _ expected: [String], _ isMissing: Bool) {
        let service = Self.service("a") {
            $0.spec?.ipFamilies = families
            $0.spec?.ipFamilyPolicy = policy
        }
        let outcome = plan([service], [Self.pool])["a"]
        #expect(addresses(outcome) == expected && (outcome?.problem != nil) == isMissing)
    }

    @Test("a family without a pool is missed only by those who require it")
    func misses() {
        let pool = ExternalIPRulesTests.policy(pool: ["192.0.2.0/24"])
        for (policy, problem) in [
            ("PreferDualStack", nil), ("RequireDualStack", "no ExternalIPPolicy has autoAssignCIDRs of IPv6"),
        ] {
            let service = Self.service("a") {
                $0.spec?.ipFamilies = ["IPv4", "IPv6"]
                $0.spec?.ipFamilyPolicy = policy
            }
            let outcome = plan([service], [pool])["a"]
            #expect(addresses(outcome) == ["192.0.2.0"] && outcome?.problem == problem)
        }
    }

    @Test("beside others who give addresses, theirs are left alone, and without pools all are")
    func leavesOthers() {
        let services = [
            Self.service("a"), Self.service("b", has: ["198.51.100.9"]),
            Self.service("c") { $0.status?.loadBalancer?.ingress = [LoadBalancerIngress(hostname: "lb.example.com")] },
            Self.service("d") { $0.spec?.loadBalancerClass = "example.com/lb" },
            Self.service("e") { $0.spec?.loadBalancerClass = LoadBalancerPlan.className },
            Self.service("f", has: ["198.51.100.8"]) { $0.spec?.type = "NodePort" },
        ]
        let outcomes = plan(services, [Self.pool], isAlone: false)
        #expect(outcomes.keys.sorted() == ["a", "e"])
        #expect(plan(services, [], isAlone: false).keys.sorted() == ["e"])
        #expect(plan(services, [Self.pool]).keys.sorted() == ["a", "b", "c", "e", "f"])
    }

    @Test("a plan that is carried out leaves nothing to do, and no two services have one address", arguments: 0..<20)
    func settles(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        var services: [Service] = []
        for number in 0..<12 {
            let has = random.once(in: 2) ? ["192.0.2.\(random.below(16))"] : []
            services.append(
                Self.service("s\(number)", has: has) {
                    $0.metadata.creationTimestamp = "2026-01-01T00:00:\(10 + random.below(20))Z"
                    if random.once(in: 3) { $0.spec?.loadBalancerIP = "192.0.2.\(random.below(16))" }
                    if random.once(in: 5) { $0.spec?.type = "NodePort" }
                    if random.once(in: 4) { $0.spec?.ipFamilies = ["IPv4", "IPv6"] }
                })
        }
        let policies = [
            ExternalIPRulesTests.policy(
                allowed: ["192.0.2.12/31"], rejected: ["192.0.2.4/30"], pool: ["192.0.2.0/29", "2001:db8::/127"])
        ]
        // What one gives up another gets in the next round.
        for round in 0..<4 {
            let outcomes = plan(services, policies, nodes: ["192.0.2.2"])
            var changes = 0
            for index in services.indices {
                guard let outcome = outcomes[services[index].key.name] else { continue }
                changes += services[index].balancerAddresses == outcome.addresses ? 0 : 1
                services[index].status?.loadBalancer?.ingress = outcome.addresses.map {
                    LoadBalancerIngress(ip: "\($0)")
                }
            }
            let all = services.flatMap(\.balancerAddresses)
            #expect(Set(all).count == all.count, "\(random)")
            #expect(all.allSatisfy { !["192.0.2.2", "192.0.2.4", "192.0.2.5"].contains("\($0)") }, "\(random)")
            #expect(round < 3 || changes == 0, "\(random)")
        }
    }
}
