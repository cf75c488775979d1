import ClusterAPI
import EgressSelection
import NetworkTypes
import PolicyEngine
import ServiceVerdicts
import Testing

/// Connections that leave the cluster: with which address, or that they do not.
@Suite("verdicts on connections that leave the cluster")
struct DepartureVerdictTests {
    private static func world(_ addresses: [String] = ["192.0.2.7"], held: [String: String] = [:]) -> ServiceWorld {
        var world = ServiceWorld()
        world.objects.upsert(Namespace(metadata: ObjectMeta(name: "shop")))
        world.objects.upsert(
            EgressIP(
                name: "partner",
                spec: EgressIPSpec(
                    egressIPs: addresses, namespaceSelector: LabelSelector(),
                    podSelector: LabelSelector(matchLabels: ["app": "web"]))))
        world.objects.knowsEgressNodes = true
        for (address, node) in held {
            world.objects.upsert(EgressNode(name: node, spec: EgressNodeSpec(addresses: [address])))
        }
        return world
    }

    private static func way(_ world: ServiceWorld, _ from: String, _ to: String, _ port: UInt16 = 443) throws -> Way {
        let question = Question(
            from: try #require(Question.End(from)), to: try #require(Question.End(to)), transport: .tcp, port: port)
        return try #require(try ServiceJudge(world.engine, world.objects).judgement(of: question).ways.first)
    }

    @Test("a pod that is selected leaves with what its node or another holds, by name of the destination, too")
    func leaves() throws {
        let world = Self.world(held: ["192.0.2.7": "two"])
        for to in ["203.0.113.9", "dns:www.example.com"] {
            let way = try Self.way(world, "shop/web", to)
            #expect(way.isAllowed && way.departure?.description == "leaves as 192.0.2.7 by two (EgressIP partner)")
        }
        // By its address, as by its name.
        #expect(try Self.way(world, "10.128.1.5", "203.0.113.9").departure?.owner == .egressIP("partner"))
        let other = try Self.way(world, "shop/db-2", "203.0.113.9")
        #expect(other.departure == .asNode("two"))
    }

    @Test("without an address nothing leaves, whatever policies allow, and what stays inside is not concerned")
    func closed() throws {
        let world = Self.world()
        let told = try world.told("shop/web", "203.0.113.9", 443)
        #expect(
            told == "deny drop_no_egress_address: nothing leaves without an address of EgressIP partner: "
                + "192.0.2.7 is held by no node")
        #expect(try Self.way(world, "shop/web", "203.0.113.9").isAllowedByPolicies)
        for inside in ["shop/db-2", "10.128.2.6", "service:shop/db", "node:two", "192.168.0.2"] {
            let way = try Self.way(world, "shop/web", inside, 5432)
            #expect(way.departure == nil && way.isAllowed, "\(inside)")
        }
        // Nobody's address, in the cluster's own ranges.
        var ranged = world
        ranged.objects.upsert(
            HostSubnet(host: "two", hostIPs: ["192.168.0.2"], subnets: ["10.128.2.0/24"]))
        #expect(try Self.way(ranged, "shop/web", "10.128.2.200").departure == nil)
        #expect(try Self.way(world, "203.0.113.9", "shop/web").departure == nil)
        #expect(try Self.way(world, "node:one", "203.0.113.9").departure == nil)
    }

    @Test("what a policy denies is denied by the policy, and a service that leads outside leaves the same way")
    func others() throws {
        var world = Self.world()
        world.objects.upsert(
            Service(
                metadata: ObjectMeta(name: "away", namespace: "shop"),
                spec: ServiceSpec(clusterIPs: ["172.30.0.8"], ports: [ServicePort(port: 443)])))
        world.objects.upsert(
            EndpointSlice(
                metadata: ObjectMeta(
                    name: "away-1", namespace: "shop", labels: ["kubernetes.io/service-name": "away"]),
                addressType: "IPv4", endpoints: [SliceEndpoint(addresses: ["203.0.113.9"])],
                ports: [SlicePort(port: 443)]))
        let told = try world.told("shop/web", "service:shop/away", 443)
        #expect(told.hasPrefix("deny Service shop/away → 203.0.113.9:443: drop_no_egress_address: "), "\(told)")
        world.engine.upsert(
            EgressFirewall(
                namespace: "shop",
                spec: EgressFirewallSpec(egress: [.init(type: "Deny", to: .init(cidrSelector: "0.0.0.0/0"))])))
        let denied = try world.told("shop/web", "203.0.113.9", 443)
        #expect(denied.hasPrefix("deny deny EgressFirewall") || denied.hasPrefix("deny EgressFirewall"), "\(denied)")
    }

    @Test("manifests without EgressNodes say which address, and do not take it for held by nobody")
    func manifests() throws {
        var world = Self.world()
        world.objects.knowsEgressNodes = false
        let way = try Self.way(world, "shop/web", "203.0.113.9")
        #expect(
            way.isAllowed && way.departure == .unplaced([try #require(IPAddress("192.0.2.7"))], .egressIP("partner")))
    }
}
