import ClusterAPI
import NetworkTypes
import ServiceModel
import Testing

@Suite struct ServiceModelTests {
    @Test("ports find their endpoints by name, and by the transport protocol")
    func ports() {
        var model = ServiceModel(nodeName: "one")
        model.upsert(
            Samples.service(
                "dns", at: ["172.30.0.10"],
                ports: [
                    ServicePort(name: "dns", protocol: "UDP", port: 53),
                    ServicePort(name: "dns-tcp", protocol: "TCP", port: 53),
                    ServicePort(name: "metrics", port: 9153, targetPort: .string("m")),
                ]))
        model.upsert(
            Samples.slice(
                "dns-1", of: "dns",
                ports: [
                    SlicePort(name: "dns", protocol: "UDP", port: 5353),
                    SlicePort(name: "dns-tcp", protocol: "TCP", port: 5354),
                ], [Samples.endpoint("10.128.0.5")]))
        _ = model.settle()
        #expect(Samples.backends(model, "172.30.0.10", 53, .udp) == "10.128.0.5:5353")
        #expect(Samples.backends(model, "172.30.0.10", 53, .tcp) == "10.128.0.5:5354")
        #expect(Samples.backends(model, "172.30.0.10", 9153) == "")
    }

    @Test("each family's address leads to endpoints of that family alone")
    func families() {
        var model = ServiceModel(nodeName: "one")
        model.upsert(Samples.service("web", at: ["172.30.0.1", "fd98::1"]))
        model.upsert(Samples.slice("web-4", of: "web", [Samples.endpoint("10.128.0.1")]))
        model.upsert(Samples.slice("web-6", of: "web", type: "IPv6", [Samples.endpoint("fd01::1")]))
        model.upsert(Samples.slice("web-x", of: "web", type: "FQDN", [Samples.endpoint("example.org")]))
        _ = model.settle()
        #expect(Samples.backends(model, "172.30.0.1") == "10.128.0.1:8080")
        #expect(Samples.backends(model, "fd98::1") == "[fd01::1]:8080")
    }

    @Test("headless services and names for somebody outside have no frontends")
    func withoutAddresses() {
        var model = ServiceModel(nodeName: "one")
        model.upsert(Samples.service("db", at: ["None"]))
        model.upsert(Samples.service("new", at: []))
        model.upsert(Samples.service("partner", at: ["172.30.0.9"]) { $0.type = "ExternalName" })
        #expect(model.settle().isEmpty)
        #expect(model.table.isEmpty && model.problems.isEmpty)
    }

    @Test(
        "affinity holds as long as the service says",
        arguments: [(nil, 10_800), (60, 60), (0, 10_800)] as [(Int?, UInt32)])
    func affinity(told: Int?, expected: UInt32) throws {
        var model = ServiceModel(nodeName: "one")
        model.upsert(
            Samples.service("web", at: ["172.30.0.1"]) { spec in
                spec.sessionAffinity = "ClientIP"
                spec.sessionAffinityConfig = SessionAffinityConfig(timeoutSeconds: told)
            })
        _ = model.settle()
        #expect(model.table.values.map(\.affinitySeconds) == [expected])
        #expect(model.problems.count == (told == 0 ? 1 : 0))
    }

    @Test("a frontend that two services claim goes to the first by name, and comes to the other when that one goes")
    func conflict() {
        var model = ServiceModel(nodeName: "one")
        model.upsert(Samples.service("b", at: ["172.30.0.1"]))
        model.upsert(Samples.service("a", at: ["172.30.0.1"]))
        model.upsert(Samples.slice("a-1", of: "a", [Samples.endpoint("10.128.0.1")]))
        model.upsert(Samples.slice("b-1", of: "b", [Samples.endpoint("10.128.0.2")]))
        _ = model.settle()
        #expect(Samples.backends(model, "172.30.0.1") == "10.128.0.1:8080")
        #expect(
            model.problems == [
                "Service shop/b: 172.30.0.1:80/TCP belongs to shop/a, which gets the connections"
            ])
        model.removeService(ObjectKey(namespace: "shop", name: "a"))
        #expect(model.settle().count == 1)
        #expect(Samples.backends(model, "172.30.0.1") == "10.128.0.2:8080")
        #expect(model.problems.isEmpty)
    }

    @Test("what cannot be read is left out by name, and the rest of the service stands")
    func unreadable() {
        var model = ServiceModel(nodeName: "one")
        model.upsert(
            Samples.service(
                "web", at: ["172.30.0.1", "nowhere"],
                ports: [
                    ServicePort(name: "a", port: 80), ServicePort(name: "b", port: 70_000),
                    ServicePort(name: "c", protocol: "QUIC", port: 81),
                ]))
        _ = model.settle()
        #expect(model.table.keys.map(\.description) == ["172.30.0.1:80/TCP"])
        #expect(
            model.problems == [
                "Service shop/web: clusterIPs has 'nowhere', which is no address: the service has no such address",
                "Service shop/web: port 70000 is no port: left out",
                "Service shop/web: protocol 'QUIC' of port 81 is unknown: left out",
            ])
    }

    @Test(
        "endpoints that no packet may be sent to are left out, and said",
        arguments: ["127.0.0.1", "169.254.169.254", "224.0.0.1", "0.0.0.0", "::1", "fe80::1", "ff02::1", "::"])
    func forbiddenEndpoints(address: String) {
        var model = ServiceModel(nodeName: "one")
        model.upsert(Samples.service("web", at: ["172.30.0.1", "fd98::1"]))
        let type = address.contains(":") ? "IPv6" : "IPv4"
        model.upsert(Samples.slice("web-1", of: "web", type: type, [Samples.endpoint(address)]))
        _ = model.settle()
        #expect(Samples.backends(model, "172.30.0.1") == "" && Samples.backends(model, "fd98::1") == "")
        #expect(model.problems.count == 1)
        #expect(model.problems.first?.contains(address) == true)
    }

    @Test(
        "a node port is a frontend of its own, with the endpoints that the external traffic policy leaves",
        arguments: [(nil, "10.128.0.1:8080 10.128.2.1:8080"), ("Local", "10.128.0.1:8080")] as [(String?, String)])
    func nodePorts(policy: String?, expected: String) {
        var port = ServicePort(port: 80)
        port.nodePort = 30080
        func model(type: String) -> ServiceModel {
            var model = ServiceModel(nodeName: "one")
            model.upsert(
                Samples.service("web", at: ["172.30.0.1"], ports: [port]) { spec in
                    spec.type = type
                    spec.externalTrafficPolicy = policy
                })
            let endpoints = [Samples.endpoint("10.128.0.1"), Samples.endpoint("10.128.2.1", on: "two")]
            model.upsert(Samples.slice("web-1", of: "web", endpoints))
            _ = model.settle()
            return model
        }
        for type in ["NodePort", "LoadBalancer"] {
            let target = model(type: type).table[ServiceFrontend(.nodes(.v4), .tcp, 30080)]
            #expect(target?.backends.map(\.description).joined(separator: " ") == expected)
            #expect(target?.dependsOnNode == (policy == "Local"))
        }
        #expect(Samples.backends(model(type: "NodePort"), "172.30.0.1") == "10.128.0.1:8080 10.128.2.1:8080")
        // What is left of another type.
        #expect(model(type: "ClusterIP").table.count == 1)
    }
}
