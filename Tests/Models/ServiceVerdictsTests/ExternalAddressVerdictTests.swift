import ClusterAPI
import NetworkTypes
import PolicyEngine
import ServiceVerdicts
import Testing

/// What the answers say of addresses from outside: chosen by services, or given to load balancers.
@Suite struct ExternalAddressVerdictTests {
    private static let outside = "203.0.113.7"
    private static let external = "192.0.2.7"

    private static func allowing(_ ranges: [String]?, rejecting: [String]? = nil, pool: [String]? = nil)
        -> ExternalIPPolicy
    {
        ExternalIPPolicy(
            name: "office",
            spec: ExternalIPPolicySpec(allowedCIDRs: ranges, rejectedCIDRs: rejecting, autoAssignCIDRs: pool))
    }

    private static func world(
        _ policies: NetworkPolicy..., allowed: ExternalIPPolicy? = allowing(["192.0.2.0/24"]),
        change: (inout Service) -> Void
    ) -> ServiceWorld {
        var world = ServiceWorld(change: change)
        for policy in policies { world.engine.upsert(policy) }
        if let allowed { world.objects.upsert(allowed) }
        return world
    }

    private static func chosen(_ traffic: String? = nil) -> (inout Service) -> Void {
        { service in
            service.spec?.externalIPs = [external]
            service.spec?.externalTrafficPolicy = traffic
        }
    }

    private static func given(_ ranges: [String], at address: String = external, _ traffic: String? = nil)
        -> (inout Service) -> Void
    {
        { service in
            service.spec?.type = "LoadBalancer"
            service.spec?.loadBalancerSourceRanges = ranges
            service.spec?.externalTrafficPolicy = traffic
            service.status = ServiceStatus(
                loadBalancer: LoadBalancerStatus(ingress: [LoadBalancerIngress(ip: address)]))
        }
    }

    struct Client: Sendable, CustomTestStringConvertible {
        let from: String
        /// As many ways there are besides the one that is told.
        let others: Int
        var testDescription: String { from }
    }

    @Test(
        "an address that a policy allows is the service, for everybody",
        arguments: [
            Client(from: "shop/web", others: 1), Client(from: "node:two", others: 1), Client(from: outside, others: 3),
        ])
    func served(client: Client) throws {
        for change in [Self.chosen(), Self.given([])] {
            let told = try Self.world(change: change).told(client.from, Self.external, 5432)
            #expect(
                told.hasPrefix("allow Service shop/db → shop/db-1 (10.128.1.6:15432) (and \(client.others) more): "),
                "\(told)")
        }
    }

    struct Refusal: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let policy: ExternalIPPolicy?
        let problem: String
        var network: String?
    }

    @Test(
        "an address that no policy allows is nobody's, and is named",
        arguments: [
            Refusal(testDescription: "no policy", policy: nil, problem: "no ExternalIPPolicy"),
            Refusal(
                testDescription: "others are allowed", policy: allowing(["198.51.100.0/24"]),
                problem: "of no ExternalIPPolicy"),
            Refusal(
                testDescription: "rejected", policy: allowing(["192.0.2.0/24"], rejecting: ["192.0.2.0/29"]),
                problem: "rejects"),
            Refusal(
                testDescription: "for pods", policy: allowing(["0.0.0.0/0"]), problem: "which is for pods and services",
                network: "192.0.2.0/24"),
        ])
    func refused(refusal: Refusal) throws {
        for change in [Self.chosen(), Self.given([])] {
            var world = Self.world(allowed: refusal.policy, change: change)
            if let cidr = refusal.network {
                world.objects.upsert(ClusterNetwork(clusterNetworks: [.init(cidr: cidr, hostSubnetLength: 8)]))
            }
            #expect(try !world.told(Self.outside, Self.external, 5432).contains("Service shop/db"))
            let problems = ServiceJudge(world.engine, world.objects).problems
            #expect(problems.count == 1 && problems[0].contains(refusal.problem), "\(problems)")
        }
    }

    struct Limit: Sendable, CustomTestStringConvertible {
        let from: String
        let ranges: [String]
        /// The address that is not let in; nil if it is.
        let stopped: String?
        var testDescription: String { "\(from) by \(ranges)" }
    }

    @Test(
        "source ranges hold for pods, nodes and who is outside, by the address that they come with",
        arguments: [
            Limit(from: outside, ranges: ["203.0.113.0/24"], stopped: nil),
            Limit(from: outside, ranges: ["198.51.100.0/24"], stopped: outside),
            Limit(from: outside, ranges: ["2001:db8::/32"], stopped: outside),
            Limit(from: outside, ranges: ["x"], stopped: outside),
            Limit(from: "shop/web", ranges: ["10.128.0.0/14"], stopped: nil),
            Limit(from: "shop/web", ranges: ["203.0.113.0/24"], stopped: "10.128.1.5"),
            Limit(from: "node:two", ranges: ["192.168.0.2/32"], stopped: nil),
            Limit(from: "node:one", ranges: ["192.168.0.2/32"], stopped: "192.168.0.1"),
        ])
    func sourceRanges(limit: Limit) throws {
        for traffic in [nil, "Local"] {
            let told = try Self.world(change: Self.given(limit.ranges, traffic)).told(limit.from, Self.external, 5432)
            if let stopped = limit.stopped {
                #expect(
                    told == "deny drop_source_range: loadBalancerSourceRanges of Service shop/db do not have \(stopped)"
                )
            } else {
                #expect(told.hasPrefix("allow Service shop/db → "), "\(told)")
            }
        }
    }

    @Test("source ranges are of no account at the service's own address, at node ports and at chosen addresses")
    func elsewhere() throws {
        // Below the service's own address in order.
        let world = Self.world(allowed: Self.allowing(["10.0.0.0/24"])) { service in
            Self.given(["9.9.9.9/32"], at: "10.0.0.7")(&service)
            service.spec?.externalIPs = ["10.0.0.8"]
        }
        for (to, port) in [("service:shop/db", 5432), ("10.0.0.8", 5432), ("192.168.0.1", 30432)] as [(String, UInt16)]
        {
            #expect(try world.told("shop/web", to, port).hasPrefix("allow Service shop/db"), "\(to)")
        }
        #expect(try world.told("shop/web", "10.0.0.7", 5432).hasPrefix("deny drop_source_range"))
    }

    @Test("a pool's address must be of a policy that is there")
    func pools() throws {
        let pool = Self.world(allowed: Self.allowing(nil, pool: ["192.0.2.0/24"]), change: Self.given([]))
        #expect(try pool.told(Self.outside, Self.external, 5432).hasPrefix("allow Service"))
        let chosen = Self.world(allowed: Self.allowing(nil, pool: ["192.0.2.0/24"]), change: Self.chosen())
        #expect(try !chosen.told(Self.outside, Self.external, 5432).contains("Service"))
    }

    @Test("with Local, a balancer sends to nodes with endpoints, and others are sent where the address is")
    func local() throws {
        let one: (inout Service) -> Void = { $0.spec?.selector = ["pod": "db-1"] }
        let balanced = Self.world { service in
            Self.given([], "Local")(&service)
            one(&service)
        }
        #expect(
            try balanced.told(Self.outside, Self.external, 5432).hasPrefix(
                "allow Service shop/db → shop/db-1 (10.128.1.6:15432): "))
        var world = Self.world { service in
            Self.chosen("Local")(&service)
            one(&service)
        }
        let refusal = "refused at 192.0.2.7:5432/TCP"
        #expect(
            try world.told(Self.outside, Self.external, 5432)
                == "deny 1 of 2 ways is denied: Service shop/db has no endpoint on node two: \(refusal)")
        // Those inside are led to any.
        for client in ["shop/web", "node:two", "shop/db-2"] {
            #expect(try world.told(client, Self.external, 5432).hasPrefix("allow Service shop/db → shop/db-1"))
        }
        var group = FailoverGroup(name: "edge", spec: FailoverGroupSpec(addresses: [Self.external]))
        for (node, answer) in [
            ("one", "allow Service shop/db → shop/db-1"), ("two", "deny Service shop/db has no endpoint: \(refusal)"),
        ] {
            group.status = FailoverGroupStatus(addresses: [HeldAddress(address: Self.external, node: node)])
            world.objects.upsert(group)
            #expect(try world.told(Self.outside, Self.external, 5432).hasPrefix(answer))
        }
    }

    @Test("policies see who is outside where its node has the endpoint, and else the node that has the address")
    func seen() throws {
        func told(_ peers: String...) throws -> String {
            let policy = NetworkPolicy(
                metadata: ObjectMeta(name: "p", namespace: "shop"),
                spec: NetworkPolicySpec(
                    podSelector: LabelSelector(matchLabels: ["app": "db"]),
                    ingress: [.init(from: peers.map { NetworkPolicyPeer(ipBlock: IPBlock(cidr: $0)) })]))
            var world = Self.world(policy, change: Self.chosen())
            let address = try #require(IPAddress(Self.external))
            world.objects.lead(address, to: "two")
            return try world.told(Self.outside, Self.external, 5432)
        }
        #expect(try told("203.0.113.7/32", "192.168.0.2/32").hasPrefix("allow"))
        #expect(try told("203.0.113.7/32").hasPrefix("deny 1 of 2 ways is denied: Service shop/db → shop/db-1"))
        #expect(try told("192.168.0.2/32").hasPrefix("deny 1 of 2 ways is denied: Service shop/db → shop/db-2"))
    }

    @Test("an address of services' that none has is refused, with any port and with none")
    func unserved() throws {
        var world = ServiceWorld()
        world.objects.upsert(ClusterNetwork(clusterNetworks: [], serviceNetwork: "172.30.0.0/16, fd99::/112"))
        for client in ["shop/web", "node:one", Self.outside] {
            #expect(
                try world.told(client, "172.30.0.9", 80) == "deny drop_unserved: no service has 172.30.0.9:80/TCP")
            #expect(
                try world.told(client, "fd99::7", 80) == "deny drop_unserved: no service has [fd99::7]:80/TCP")
        }
        #expect(try world.told("shop/web", "172.30.0.9", 5432).hasPrefix("allow Service"))
        let ping = Question(
            from: try #require(Question.End("shop/web")), to: try #require(Question.End("172.30.0.9")),
            transport: .icmp, port: nil)
        let answer = try ServiceJudge(world.engine, world.objects).answer(ping)
        #expect(!answer.isAllowed && answer.rule == "drop_unserved: no service has 172.30.0.9")
    }
}
