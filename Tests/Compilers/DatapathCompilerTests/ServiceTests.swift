import ClusterAPI
import NFTables
import NetworkTypes
import NodeModel
import TestRandom
import Testing

@testable import DatapathCompiler

@Suite struct ServiceTests {
    private static func service(
        _ name: String, at addresses: [String], nodePort: Int? = nil, affinity: Int? = nil, external: String? = nil,
        given: [String] = [], ranges: [String]? = nil
    ) -> Service {
        var port = ServicePort(port: 80)
        port.nodePort = nodePort
        var spec = ServiceSpec(clusterIPs: addresses, ports: [port])
        if nodePort != nil { spec.type = "NodePort" }
        spec.externalTrafficPolicy = external
        if let affinity {
            spec.sessionAffinity = "ClientIP"
            spec.sessionAffinityConfig = SessionAffinityConfig(timeoutSeconds: affinity)
        }
        if !given.isEmpty { spec.type = "LoadBalancer" }
        spec.loadBalancerSourceRanges = ranges
        var service = Service(metadata: ObjectMeta(name: name, namespace: "shop"), spec: spec)
        service.status = ServiceStatus(
            loadBalancer: LoadBalancerStatus(ingress: given.map { LoadBalancerIngress(ip: $0) }))
        return service
    }

    private static let pool = ExternalIPPolicy(
        name: "pool", spec: ExternalIPPolicySpec(autoAssignCIDRs: ["192.0.2.0/24", "2001:db8::/64"]))

    private static func slice(of service: String, _ addresses: [String], on node: String = "one") -> EndpointSlice {
        let family = addresses.first?.contains(":") == true ? "IPv6" : "IPv4"
        return EndpointSlice(
            metadata: ObjectMeta(
                name: "\(service)-\(family)", namespace: "shop", labels: [EndpointSlice.serviceLabel: service]),
            addressType: family, endpoints: addresses.map { SliceEndpoint(addresses: [$0], nodeName: node) },
            ports: [SlicePort(port: 8080)])
    }

    /// The elements of the services' maps, `MAP ELEMENT`, and the rules of the chains that choose.
    private static func lines(_ model: NodeModel) -> [String] {
        let table = DatapathCompiler.compile(model.state).table
        let maps = IPAddress.Family.allCases.flatMap { DatapathCompiler.serviceMaps($0).keys }
        let elements = maps.sorted().flatMap { name in
            (table.maps[name]?.elements ?? [:]).sorted { $0.key < $1.key }.map {
                "\(name) \(Transaction.Element($0.key, $0.value).text)"
            }
        }
        let chains = table.chains.filter { chain in
            ["choose-", "sticky-", "from-"].contains { chain.key.text.hasPrefix($0) }
        }
        return elements
            + chains.sorted { $0.key < $1.key }.flatMap { name, chain in chain.rules.map { "\(name): \($0.text)" } }
    }

    private static func model(_ services: [Service], _ slices: [EndpointSlice]) -> NodeModel {
        var model = NodeModel(nodeName: "one")
        model.upsert(pool)
        for service in services { model.upsert(service) }
        for slice in slices { model.upsert(slice) }
        _ = model.settle()
        return model
    }

    @Test("a service is one verdict and an element for each endpoint, in each family")
    func plain() {
        let model = Self.model(
            [Self.service("web", at: ["172.30.0.1", "fd98::1"]), Self.service("empty", at: ["172.30.0.2"])],
            [Self.slice(of: "web", ["10.128.0.5", "10.128.2.6"]), Self.slice(of: "web", ["fd01::5"])])
        let choose = { (family: String, pick: String, name: String) in
            let ip = family == "4" ? "ip" : "ip6"
            return
                "choose-\(name)-\(family): meta nfproto ipv\(family) meta mark set \(pick) dnat \(ip) to \(ip) daddr . "
                + "meta l4proto . th dport . meta mark map @endpoints\(family)"
        }
        #expect(
            Self.lines(model) == [
                "endpoints4 172.30.0.1 . 6 . 80 . 0x67000000 : 10.128.0.5 . 8080",
                "endpoints4 172.30.0.1 . 6 . 80 . 0x67000001 : 10.128.2.6 . 8080",
                "endpoints6 fd98::1 . 6 . 80 . 0x67000000 : fd01::5 . 8080",
                "services4 172.30.0.1 . 6 . 80 : goto choose-2-4",
                "services4 172.30.0.2 . 6 . 80 : goto unserved_service",
                "services6 fd98::1 . 6 . 80 : goto choose-1-6",
                choose("6", "0x67000000", "1"), choose("4", "numgen random mod 2 offset 1728053248", "2"),
            ])
    }

    @Test("a node port has a map of its own, and is known at every node unless the node decides")
    func nodePorts() {
        let slices = ["web", "near"].map { Self.slice(of: $0, ["10.128.0.5"], on: $0 == "web" ? "two" : "one") }
        let model = Self.model(
            [
                Self.service("web", at: ["172.30.0.1"], nodePort: 30080),
                Self.service("near", at: ["172.30.0.2"], nodePort: 30081, external: "Local"),
                Self.service("far", at: ["172.30.0.3"], nodePort: 30082, external: "Local"),
            ], slices + [Self.slice(of: "far", ["10.128.2.5"], on: "two")])
        #expect(
            Self.lines(model).filter { $0.contains("node_port") && !$0.contains(": meta") } == [
                "any_node_ports4 6 . 30080 : goto choose-node-port-1-4",
                "node_port_endpoints4 6 . 30080 . 0x67000000 : 10.128.0.5 . 8080",
                "node_port_endpoints4 6 . 30081 . 0x67000000 : 10.128.0.5 . 8080",
                "node_ports4 6 . 30080 : goto choose-node-port-1-4",
                "node_ports4 6 . 30081 : goto choose-node-port-1-4",
                "node_ports4 6 . 30082 : goto unserved_service",
            ])
    }

    @Test("an address from outside is one as the service's own; with Local, those inside are led by maps of their own")
    func external() {
        let slices = [Self.slice(of: "web", ["10.128.0.5"]), Self.slice(of: "near", ["10.128.2.6"], on: "two")]
        let model = Self.model(
            [
                Self.service("web", at: ["172.30.0.1"], given: ["192.0.2.1"]),
                Self.service("near", at: ["172.30.0.2"], external: "Local", given: ["192.0.2.2"]),
            ], slices)
        #expect(
            Self.lines(model).filter { $0.contains(" 192.0.2.") || $0.hasPrefix("choose-inside") } == [
                "endpoints4 192.0.2.1 . 6 . 80 . 0x67000000 : 10.128.0.5 . 8080",
                "inside_endpoints4 192.0.2.2 . 6 . 80 . 0x67000000 : 10.128.2.6 . 8080",
                "inside_services4 192.0.2.2 . 6 . 80 : goto choose-inside-1-4",
                "services4 192.0.2.1 . 6 . 80 : goto choose-1-4",
                "services4 192.0.2.2 . 6 . 80 : goto unserved_service",
                "choose-inside-1-4: meta nfproto ipv4 meta mark set 0x67000000 dnat ip to ip daddr . meta l4proto "
                    + ". th dport . meta mark map @inside_endpoints4",
            ])
    }

    @Test("source ranges are a set and a chain that services share, before the choice or the refusal")
    func sourceRanges() throws {
        let ranges = ["198.51.100.0/24", "198.51.100.7/32", "203.0.113.0/24"]
        let model = Self.model(
            [
                Self.service("web", at: ["172.30.0.1"], given: ["192.0.2.1"], ranges: ranges),
                Self.service("more", at: ["172.30.0.2"], given: ["192.0.2.2"], ranges: ranges.reversed()),
                Self.service("none", at: ["172.30.0.3"], given: ["192.0.2.3"], ranges: ranges),
            ], [Self.slice(of: "web", ["10.128.0.5"]), Self.slice(of: "more", ["10.128.0.6"])])
        let table = DatapathCompiler.compile(model.state).table
        let sets = table.sets.filter { $0.key.text.hasPrefix("sources-") }
        let set = try #require(sets.first)
        #expect(sets.count == 1)
        #expect(set.value.elements.map(\.text).sorted() == ["198.51.100.0/24", "203.0.113.0/24"])
        let lines = Self.lines(model).filter { $0.hasPrefix("from-") || $0.contains(" : goto from-") }.map { line in
            line.split(separator: " ").map { $0.split(separator: "-").filter { $0.count < 20 }.joined(separator: "-") }
                .joined(separator: " ")
        }
        #expect(
            lines == [
                "services4 192.0.2.1 . 6 . 80 : goto from-choose-1-4-4",
                "services4 192.0.2.2 . 6 . 80 : goto from-choose-1-4-4",
                "services4 192.0.2.3 . 6 . 80 : goto from-unserved_service-4",
                "from-choose-1-4-4: ip saddr @sources-4 goto choose-1-4",
                "from-choose-1-4-4: goto drop_source_range",
                "from-unserved_service-4: ip saddr @sources-4 goto unserved_service",
                "from-unserved_service-4: goto drop_source_range",
            ])
        #expect(Self.lines(model).contains("services4 172.30.0.1 . 6 . 80 : goto choose-1-4"))
    }

    @Test("node ports are served at chosen addresses alone where some are chosen")
    func nodePortRanges() throws {
        var model = Self.model([], [])
        let range = try #require(CIDR("192.168.7.0/24"))
        func rules(_ chain: Name) -> [String] {
            let chain = DatapathCompiler.compile(model.state).table.chains[chain]
            return (chain?.rules ?? []).map(\.text).filter { $0.contains("node_ports") }
        }
        #expect(rules("nat_prerouting").count == 4 && rules("nat_output").count == 2)
        #expect(!(rules("nat_prerouting") + rules("nat_output")).contains { $0.contains("node_port_ranges") })
        model.setNodePortRanges([range])
        #expect(model.settle().topology)
        #expect((rules("nat_prerouting") + rules("nat_output")).allSatisfy { $0.contains("daddr @node_port_ranges") })
        let sets = DatapathCompiler.compile(model.state).table.sets
        #expect(sets["node_port_ranges4"]?.elements == [ElementKey(.network(range))])
        #expect(sets["node_port_ranges6"]?.elements == [])
    }

    @Test("with affinity, a backend's number is its own and stays when others come and go")
    func affinity() throws {
        func numbers(_ addresses: [String]) -> [String: String] {
            let model = Self.model(
                [Self.service("web", at: ["172.30.0.1"], affinity: 60)], [Self.slice(of: "web", addresses)])
            let pairs = Self.lines(model).filter { $0.hasPrefix("endpoints4") }.compactMap {
                line -> (String, String)? in
                let parts = line.split(separator: " ").map(String.init)
                return (parts[parts.count - 3], parts[parts.count - 5])
            }
            return Dictionary(pairs) { first, _ in first }
        }
        let three = numbers(["10.128.0.5", "10.128.0.6", "10.128.0.7"])
        let two = numbers(["10.128.0.5", "10.128.0.7"])
        #expect(three.count == 3 && Set(three.values).count == 3)
        #expect(two["10.128.0.7"] == three["10.128.0.7"] && two["10.128.0.5"] == three["10.128.0.5"])
    }

    @Test("endpoints that come and go change elements, and chains only when their number is new")
    func elementsOnly() {
        var model = Self.model(
            [Self.service("web", at: ["172.30.0.1"]), Self.service("other", at: ["172.30.0.2"])],
            [Self.slice(of: "web", ["10.128.0.5"]), Self.slice(of: "other", ["10.128.0.6", "10.128.0.7"])])
        var compiler = DatapathCompiler()
        var everything = NodeChanges()
        everything.services = Set(model.state.services.keys)
        _ = compiler.update(model.state, everything)
        for (addresses, hasNewChain) in [
            (["10.128.0.9"], false), (["10.128.0.8", "10.128.0.9", "10.128.0.10"], true), ([], false),
        ] {
            let before = compiler.datapath.table
            model.upsert(Self.slice(of: "web", addresses))
            let changes = model.settle()
            #expect(changes.services.count == 1)
            let delta = compiler.update(model.state, changes)
            let transaction = delta.transaction(from: before, to: compiler.datapath.table)
            #expect(!transaction.isEmpty && delta.maps.isEmpty && delta.sets.isEmpty)
            #expect(transaction == Transaction.plan(from: before, to: compiler.datapath.table))
            let isNew = transaction.operations.contains { if case .addChain = $0 { true } else { false } }
            #expect(isNew == hasNewChain)
            #expect(compiler.datapath == DatapathCompiler.compile(model.state))
        }
    }

    @Test("compiling services step by step gives what compiling at once gives", arguments: UInt64(0)..<40)
    func incrementalEqualsFresh(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        var model = NodeModel(nodeName: "one")
        model.upsert(Self.pool)
        var compiler = DatapathCompiler()
        for _ in 0..<60 {
            let name = "s\(Int.random(in: 0..<6, using: &random))"
            let number = Int.random(in: 1...6, using: &random)
            switch Int.random(in: 0..<9, using: &random) {
            case 8:
                if Bool.random(using: &random) { model.upsert(Self.pool) } else { model.removeExternalIPPolicy("pool") }
            case 0: model.removeService(ObjectKey(namespace: "shop", name: name))
            case 1: model.removeEndpointSlice(ObjectKey(namespace: "shop", name: name + "-IPv4"))
            case 2...4:
                let addresses = (0..<Int.random(in: 0...4, using: &random)).map { "10.128.\($0).\(number)" }
                let node = Bool.random(using: &random) ? "one" : "two"
                model.upsert(Self.slice(of: name, addresses, on: node))
                model.upsert(Self.slice(of: name, addresses.map { "fd01::" + $0.replacing(".", with: ":") }, on: node))
            default:
                model.upsert(
                    Self.service(
                        name, at: ["172.30.0.\(number)", "fd98::\(number)"],
                        nodePort: Bool.random(using: &random) ? 30000 + number : nil,
                        affinity: Bool.random(using: &random) ? 60 : nil,
                        external: Bool.random(using: &random) ? "Local" : nil,
                        given: Bool.random(using: &random) ? ["192.0.2.\(number)", "2001:db8::\(number)"] : [],
                        ranges: [nil, ["10.0.0.0/8"], ["10.0.0.0/8", "fd00::/8"]].randomElement(using: &random) ?? nil))
            }
            let before = compiler.datapath.table
            let changes = model.settle()
            let delta = compiler.update(model.state, changes)
            #expect(
                delta.transaction(from: before, to: compiler.datapath.table)
                    == Transaction.plan(from: before, to: compiler.datapath.table))
        }
        #expect(compiler.datapath == DatapathCompiler.compile(model.state))
    }
}
