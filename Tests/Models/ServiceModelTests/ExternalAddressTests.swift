import AddressAllocation
import ClusterAPI
import NetworkTypes
import ServiceModel
import Testing

@Suite struct ExternalAddressTests {
    private static func model(
        _ service: Service, allowed: [String]? = ["192.0.2.0/24", "2001:db8::/64"], pool: [String]? = nil
    ) -> ServiceModel {
        var model = ServiceModel(nodeName: "one")
        let policy = ExternalIPPolicy(
            name: "p", spec: ExternalIPPolicySpec(allowedCIDRs: allowed, autoAssignCIDRs: pool))
        model.setExternalIPRules(ExternalIPRules([policy]))
        model.upsert(service)
        model.upsert(
            Samples.slice(
                "web-4", of: "web", [Samples.endpoint("10.128.0.1"), Samples.endpoint("10.128.2.1", on: "two")])
        )
        model.upsert(Samples.slice("web-6", of: "web", type: "IPv6", [Samples.endpoint("fd01::1")]))
        _ = model.settle()
        return model
    }

    private static func balancer(
        at addresses: [String], mode: String? = nil, _ change: (inout ServiceSpec) -> Void = { _ in }
    ) -> Service {
        var service = Samples.service("web", at: ["172.30.0.1", "fd98::1"]) { spec in
            spec.type = "LoadBalancer"
            change(&spec)
        }
        let ingress = addresses.map { address in
            var ingress = LoadBalancerIngress(ip: address)
            ingress.ipMode = mode
            return ingress
        }
        service.status = ServiceStatus(loadBalancer: LoadBalancerStatus(ingress: ingress))
        return service
    }

    @Test("what a policy allows leads where the service leads, in both families, and the rest is named")
    func chosen() {
        let model = Self.model(
            Samples.service("web", at: ["172.30.0.1", "fd98::1"]) {
                $0.externalIPs = ["192.0.2.7", "2001:db8::7", "203.0.113.7", "?"]
            })
        #expect(Samples.backends(model, "192.0.2.7") == "10.128.0.1:8080 10.128.2.1:8080")
        #expect(Samples.backends(model, "2001:db8::7") == "[fd01::1]:8080")
        #expect(Samples.backends(model, "203.0.113.7") == nil)
        #expect(
            model.problems == [
                "Service shop/web: spec.externalIPs has '?', which is no address: left out",
                "Service shop/web: spec.externalIPs: no node takes traffic for 203.0.113.7: it is in allowedCIDRs of no "
                    + "ExternalIPPolicy",
            ])
        #expect(!model.table.keys.contains { if case .inside = $0.place { true } else { false } })
    }

    @Test("without a policy none is used, and a policy that comes or goes is heeded at once")
    func policies() {
        var model = ServiceModel(nodeName: "one")
        model.upsert(Samples.service("web", at: ["172.30.0.1"]) { $0.externalIPs = ["192.0.2.7"] })
        model.upsert(Samples.service("plain", at: ["172.30.0.2"]))
        _ = model.settle()
        #expect(Samples.backends(model, "192.0.2.7") == nil)
        #expect(model.problems.count == 1 && model.problems[0].contains("there is no ExternalIPPolicy"))
        let policy = ExternalIPPolicy(name: "p", spec: ExternalIPPolicySpec(allowedCIDRs: ["192.0.2.0/24"]))
        model.setExternalIPRules(ExternalIPRules([policy]))
        #expect(model.settle().map(\.description) == ["192.0.2.7:80/TCP"])
        #expect(Samples.backends(model, "192.0.2.7") == "" && model.problems.isEmpty)
        model.setExternalIPRules(ExternalIPRules([]))
        #expect(model.settle().map(\.description) == ["192.0.2.7:80/TCP"])
        #expect(Samples.backends(model, "192.0.2.7") == nil)
    }

    @Test("with Local, those from outside are led to endpoints here, and those inside anywhere")
    func local() throws {
        let model = Self.model(
            Samples.service("web", at: ["172.30.0.1"]) {
                $0.externalIPs = ["192.0.2.7"]
                $0.externalTrafficPolicy = "Local"
                $0.internalTrafficPolicy = "Local"
            })
        let address = try #require(IPAddress("192.0.2.7"))
        func backends(_ place: ServiceFrontend.Place) -> [String]? {
            model.table[ServiceFrontend(place, .tcp, 80)]?.backends.map(\.description)
        }
        #expect(backends(.address(address)) == ["10.128.0.1:8080"])
        #expect(backends(.inside(address)) == ["10.128.0.1:8080", "10.128.2.1:8080"])
    }

    @Test("a load balancer's address must be of a pool, or allowed; with the mode Proxy nodes have no part in it")
    func given() {
        for (allowed, pool, mode, isUsed) in [
            (nil, ["192.0.2.0/24"], nil, true), (["192.0.2.0/24"], nil, "VIP", true),
            (["198.51.100.0/24"], ["203.0.113.0/24"], nil, false), (nil, ["192.0.2.0/24"], "Proxy", false),
        ] as [([String]?, [String]?, String?, Bool)] {
            let model = Self.model(Self.balancer(at: ["192.0.2.7"], mode: mode), allowed: allowed, pool: pool)
            #expect((Samples.backends(model, "192.0.2.7") != nil) == isUsed)
            #expect(model.problems.isEmpty == (isUsed || mode == "Proxy"))
        }
        var former = Self.balancer(at: ["192.0.2.7"])
        former.spec?.type = "NodePort"
        #expect(Samples.backends(Self.model(former), "192.0.2.7") == nil)
    }

    @Test(
        "source ranges hold at the load balancer's addresses alone, each family for itself, and what cannot be read lets nobody in",
        arguments: [
            (["10.0.0.0/8", " 2001:db8:1::/48"], ["10.0.0.0/8"], ["2001:db8:1::/48"], 0),
            (["10.0.0.0/8"], ["10.0.0.0/8"], [], 0), (["10.0.0.0/8", "x"], ["10.0.0.0/8"], [], 1),
            (["x"], [], [], 1), ([], nil, nil, 0),
        ] as [([String], [String]?, [String]?, Int)])
    func sourceRanges(told: [String], v4: [String]?, v6: [String]?, problems: Int) throws {
        let model = Self.model(
            Self.balancer(at: ["192.0.2.7", "2001:db8::7"]) { spec in
                spec.loadBalancerSourceRanges = told
                spec.externalIPs = ["192.0.2.7", "192.0.2.8"]
                spec.externalTrafficPolicy = "Local"
            })
        func ranges(_ text: String, inside: Bool = false) throws -> [String]? {
            let address = try #require(IPAddress(text))
            let frontend = ServiceFrontend(inside ? .inside(address) : .address(address), .tcp, 80)
            return try #require(model.table[frontend]).sourceRanges?.map(\.description)
        }
        for inside in [false, true] {
            #expect(try ranges("192.0.2.7", inside: inside) == v4)
            #expect(try ranges("2001:db8::7", inside: inside) == v6)
            #expect(try ranges("192.0.2.8", inside: inside) == nil)
        }
        #expect(try ranges("172.30.0.1") == nil)
        #expect(model.problems.count == problems)
    }

    @Test("of two services with one address the older has it, whatever their names")
    func older() {
        var model = Self.model(Samples.service("web", at: ["172.30.0.1"]) { $0.externalIPs = ["192.0.2.7"] })
        for (name, time) in [("web", "2024-01-01T00:00:00Z"), ("a", "2025-01-01T00:00:00Z")] {
            var service = Samples.service(name, at: ["172.30.0.\(name.utf8.count)"]) { $0.externalIPs = ["192.0.2.7"] }
            service.metadata.creationTimestamp = time
            model.upsert(service)
        }
        _ = model.settle()
        #expect(model.table.first { $0.key.description == "192.0.2.7:80/TCP" }?.value.service.name == "web")
        #expect(model.problems == ["Service shop/a: 192.0.2.7:80/TCP belongs to shop/web, which gets the connections"])
    }

    @Test("a load balancer is told of the ready endpoints here, for Local alone")
    func healthChecks() {
        func check(_ change: (inout ServiceSpec) -> Void) -> ServiceHealthCheck? {
            let model = Self.model(
                Self.balancer(at: []) { spec in
                    spec.externalTrafficPolicy = "Local"
                    spec.healthCheckNodePort = 32000
                    change(&spec)
                })
            return model.healthChecks[ObjectKey(namespace: "shop", name: "web")]
        }
        #expect(check { _ in } == ServiceHealthCheck(port: 32000, localEndpoints: 1))
        #expect(check { $0.externalTrafficPolicy = "Cluster" } == nil)
        #expect(check { $0.type = "NodePort" } == nil)
        #expect(check { $0.healthCheckNodePort = 70000 } == nil)
    }
}
