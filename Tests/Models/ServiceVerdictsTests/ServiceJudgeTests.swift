import ClusterAPI
import NetworkTypes
import PolicyEngine
import ServiceVerdicts
import Testing

/// What the answers say of connections to services, by name, by address and by node port.
///
/// Two nodes; `shop/web` on one asks; `shop/db-1` on one and `shop/db-2` on two answer behind the service `shop/db`,
/// 5432 → 15432, node port 30432.
@Suite struct ServiceJudgeTests {
    private struct World {
        var engine = PolicyEngine()
        var objects = ServiceObjects()

        init(_ policies: NetworkPolicy..., change: (inout Service) -> Void = { _ in }) {
            engine.upsert(Namespace(metadata: ObjectMeta(name: "shop")))
            for (name, address) in [("one", "192.168.0.1"), ("two", "192.168.0.2")] {
                let node = Node(
                    metadata: ObjectMeta(name: name),
                    status: NodeStatus(addresses: [NodeAddress(type: "InternalIP", address: address)]))
                engine.upsert(node)
                objects.upsert(node)
            }
            pod("web", "web", on: "one", "10.128.1.5")
            pod("db-1", "db", on: "one", "10.128.1.6")
            pod("db-2", "db", on: "two", "10.128.2.6")
            for policy in policies { engine.upsert(policy) }
            var service = Service(
                metadata: ObjectMeta(name: "db", namespace: "shop"),
                spec: ServiceSpec(
                    clusterIPs: ["172.30.0.9"], ports: [ServicePort(port: 5432, targetPort: .int(15432))],
                    selector: ["app": "db"]))
            service.spec?.type = "NodePort"
            service.spec?.ports?[0].nodePort = 30432
            change(&service)
            objects.upsert(service)
        }

        private mutating func pod(_ name: String, _ app: String, on node: String, _ address: String) {
            let pod = Pod(
                metadata: ObjectMeta(name: name, namespace: "shop", labels: ["app": app, "pod": name]),
                spec: PodSpec(nodeName: node), status: PodStatus(podIPs: [address]))
            engine.upsert(pod)
            objects.upsert(pod)
        }

        /// `allow RULE`, `deny RULE`, or the fault.
        func told(_ from: String, _ to: String, _ port: UInt16) throws -> String {
            let question = Question(
                from: try #require(Question.End(from)), to: try #require(Question.End(to)), transport: .tcp, port: port)
            do {
                let answer = try ServiceJudge(engine, objects).answer(question)
                return "\(answer.isAllowed ? "allow" : "deny") \(answer.rule)"
            } catch {
                return error.message
            }
        }
    }

    /// Selects pods by a label; those that the peers allow may come in.
    private static func policy(_ label: String, _ value: String, from peers: [NetworkPolicyPeer]) -> NetworkPolicy {
        NetworkPolicy(
            metadata: ObjectMeta(name: "p", namespace: "shop"),
            spec: NetworkPolicySpec(
                podSelector: LabelSelector(matchLabels: [label: value]), ingress: [.init(from: peers)]))
    }

    private static func block(_ text: String) -> NetworkPolicyPeer { NetworkPolicyPeer(ipBlock: IPBlock(cidr: text)) }

    @Test(
        "a connection to a service is one to its endpoints, however the service is named",
        arguments: [("service:shop/db", 5432), ("172.30.0.9", 5432), ("192.168.0.2", 30432)] as [(String, UInt16)])
    func names(to: String, port: UInt16) throws {
        let open = try World().told("shop/web", to, port)
        #expect(open.hasPrefix("allow Service shop/db → shop/db-1 (10.128.1.6:15432) (and 1 more): "))
        let closed = World(Self.policy("app", "db", from: [Self.block("9.9.9.9/32")]))
        #expect(
            try closed.told("shop/web", to, port)
                == "deny Service shop/db → shop/db-1 (10.128.1.6:15432) (and 1 more): default deny ingress (NetworkPolicy shop/p)"
        )
    }

    @Test("a service of which one endpoint is denied is denied, and says which")
    func oneDenied() throws {
        let closed = World(Self.policy("pod", "db-2", from: [Self.block("9.9.9.9/32")]))
        #expect(
            try closed.told("shop/web", "service:shop/db", 5432)
                == "deny 1 of 2 ways is denied: Service shop/db → shop/db-2 (10.128.2.6:15432): "
                + "default deny ingress (NetworkPolicy shop/p)")
    }

    @Test("a client's egress is judged by the endpoint and its port, never by the service's")
    func egress() throws {
        func world(_ port: Int) -> World {
            World(
                NetworkPolicy(
                    metadata: ObjectMeta(name: "out", namespace: "shop"),
                    spec: NetworkPolicySpec(
                        podSelector: LabelSelector(matchLabels: ["app": "web"]), policyTypes: [.egress],
                        egress: [.init(ports: [NetworkPolicyPort(port: .int(port))])])))
        }
        #expect(try world(15432).told("shop/web", "service:shop/db", 5432).hasPrefix("allow"))
        #expect(try world(5432).told("shop/web", "service:shop/db", 5432).hasPrefix("deny"))
    }

    @Test("a pod reaches itself behind a service whatever policies say")
    func hairpin() throws {
        let world = World(Self.policy("app", "db", from: [Self.block("9.9.9.9/32")])) {
            $0.spec?.selector = ["pod": "db-1"]
        }
        #expect(try world.told("shop/db-1", "service:shop/db", 5432).hasPrefix("allow"))
        #expect(try world.told("shop/web", "service:shop/db", 5432).hasPrefix("deny"))
    }

    @Test("who is outside is seen where its node has the endpoint, and as the node elsewhere")
    func nodePort() throws {
        let client = World(Self.policy("app", "db", from: [Self.block("203.0.113.7/32")]))
        #expect(
            try client.told("203.0.113.7", "192.168.0.1", 30432)
                == "deny 1 of 2 ways is denied: Service shop/db → shop/db-2 (10.128.2.6:15432): "
                + "default deny ingress (NetworkPolicy shop/p)")
        let both = World(Self.policy("app", "db", from: [Self.block("203.0.113.7/32"), Self.block("192.168.0.1/32")]))
        #expect(try both.told("203.0.113.7", "192.168.0.1", 30432).hasPrefix("allow"))
        #expect(try both.told("203.0.113.7", "192.168.0.2", 30432).hasPrefix("deny 1 of 2 ways"))
    }

    @Test("with the traffic policy Local a node port has only the node's own endpoints, which see the client")
    func local() throws {
        let world = World(Self.policy("app", "db", from: [Self.block("203.0.113.7/32")])) {
            $0.spec?.externalTrafficPolicy = "Local"
        }
        #expect(
            try world.told("203.0.113.7", "192.168.0.2", 30432).hasPrefix("allow Service shop/db → shop/db-2"))
        let one = World { service in
            service.spec?.externalTrafficPolicy = "Local"
            service.spec?.selector = ["pod": "db-1"]
        }
        #expect(try one.told("203.0.113.7", "192.168.0.1", 30432).hasPrefix("allow Service shop/db → shop/db-1"))
        #expect(try one.told("203.0.113.7", "192.168.0.2", 30432).hasPrefix("deny Service shop/db has no endpoint"))
    }

    @Test("a node by name asks from its address")
    func nodes() throws {
        let world = World(Self.policy("app", "db", from: [Self.block("192.168.0.1/32")]))
        #expect(try world.told("node:one", "service:shop/db", 5432).hasPrefix("allow"))
        #expect(
            try world.told("node:two", "service:shop/db", 5432).hasPrefix(
                "deny 1 of 2 ways is denied: Service shop/db → shop/db-1"))
        #expect(try world.told("shop/web", "node:one", 22).hasPrefix("allow"))
    }

    @Test("a service without endpoints refuses")
    func empty() throws {
        let world = World { $0.spec?.selector = ["app": "nobody"] }
        #expect(
            try world.told("shop/web", "service:shop/db", 5432)
                == "deny Service shop/db has no endpoint: refused at 172.30.0.9:5432/TCP")
    }

    @Test(
        "a question without an answer says why",
        arguments: [
            ("shop/web", "service:shop/db", 80, "service shop/db has no port 80/TCP; it has 5432/TCP"),
            ("shop/web", "service:shop/none", 80, "there is no service shop/none"),
            ("node:three", "shop/web", 80, "there is no node three"),
            (
                "service:shop/db", "shop/web", 80,
                "service:shop/db opens no connections; name a pod, a node or an address as 'from'"
            ),
        ] as [(String, String, UInt16, String)])
    func faults(from: String, to: String, port: UInt16, message: String) throws {
        #expect(try World().told(from, to, port) == message)
    }

    @Test("what is no end is none", arguments: ["", "service:", "service:db", "node:", "node:a/b", "a", "a/b/c"])
    func noEnds(text: String) { #expect(Question.End(text) == nil) }
}
