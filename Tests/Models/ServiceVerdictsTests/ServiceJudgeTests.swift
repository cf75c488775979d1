import ClusterAPI
import NetworkTypes
import PolicyEngine
import ServiceVerdicts
import Testing

/// What the answers say of connections to services, by name, by address and by node port.
@Suite struct ServiceJudgeTests {
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
        let open = try ServiceWorld().told("shop/web", to, port)
        #expect(open.hasPrefix("allow Service shop/db → shop/db-1 (10.128.1.6:15432) (and 1 more): "))
        let closed = ServiceWorld(Self.policy("app", "db", from: [Self.block("9.9.9.9/32")]))
        #expect(
            try closed.told("shop/web", to, port)
                == "deny Service shop/db → shop/db-1 (10.128.1.6:15432) (and 1 more): default deny ingress (NetworkPolicy shop/p)"
        )
    }

    @Test("a service of which one endpoint is denied is denied, and says which")
    func oneDenied() throws {
        let closed = ServiceWorld(Self.policy("pod", "db-2", from: [Self.block("9.9.9.9/32")]))
        #expect(
            try closed.told("shop/web", "service:shop/db", 5432)
                == "deny 1 of 2 ways is denied: Service shop/db → shop/db-2 (10.128.2.6:15432): "
                + "default deny ingress (NetworkPolicy shop/p)")
    }

    @Test("a client's egress is judged by the endpoint and its port, never by the service's")
    func egress() throws {
        func world(_ port: Int) -> ServiceWorld {
            ServiceWorld(
                NetworkPolicy(
                    metadata: ObjectMeta(name: "out", namespace: "shop"),
                    spec: NetworkPolicySpec(
                        podSelector: LabelSelector(matchLabels: ["app": "web"]), policyTypes: [.egress],
                        egress: [.init(ports: [NetworkPolicyPort(port: .int(port))])])))
        }
        #expect(try world(15432).told("shop/web", "service:shop/db", 5432).hasPrefix("allow"))
        #expect(try world(5432).told("shop/web", "service:shop/db", 5432).hasPrefix("deny"))
    }

    @Test("a node port that another node leads on is that node to a pod's egress rules")
    func egressToLocal() throws {
        func world(_ peer: NetworkPolicyPeer, port: Int) -> ServiceWorld {
            ServiceWorld(
                NetworkPolicy(
                    metadata: ObjectMeta(name: "out", namespace: "shop"),
                    spec: NetworkPolicySpec(
                        podSelector: LabelSelector(matchLabels: ["app": "web"]), policyTypes: [.egress],
                        egress: [.init(to: [peer], ports: [NetworkPolicyPort(port: .int(port))])]))
            ) { $0.spec?.externalTrafficPolicy = "Local" }
        }
        let databases = world(
            NetworkPolicyPeer(podSelector: LabelSelector(matchLabels: ["app": "db"])), port: 15432)
        let nodes = world(Self.block("192.168.0.0/24"), port: 30432)
        #expect(try databases.told("shop/web", "192.168.0.1", 30432).hasPrefix("allow Service shop/db → shop/db-1"))
        #expect(try databases.told("shop/web", "192.168.0.2", 30432).hasPrefix("deny Service shop/db → shop/db-2"))
        #expect(try nodes.told("shop/web", "192.168.0.1", 30432).hasPrefix("deny Service shop/db → shop/db-1"))
        #expect(try nodes.told("shop/web", "192.168.0.2", 30432).hasPrefix("allow Service shop/db → shop/db-2"))
    }

    @Test("a node that asks another node's port is led on by that one, and seen as it where the endpoint is elsewhere")
    func nodeAtAnother() throws {
        let own = ServiceWorld(Self.policy("app", "db", from: [Self.block("192.168.0.1/32")]))
        #expect(try own.told("node:one", "192.168.0.1", 30432).hasPrefix("allow"))
        #expect(
            try own.told("node:one", "192.168.0.2", 30432).hasPrefix(
                "deny 1 of 2 ways is denied: Service shop/db → shop/db-1"))
        let nodes = [Self.block("192.168.0.1/32"), Self.block("192.168.0.2/32")]
        let both = ServiceWorld(Self.policy("app", "db", from: nodes))
        #expect(try both.told("node:one", "192.168.0.2", 30432).hasPrefix("allow"))
    }

    @Test("a pod reaches itself behind a service whatever policies say")
    func hairpin() throws {
        let world = ServiceWorld(Self.policy("app", "db", from: [Self.block("9.9.9.9/32")])) {
            $0.spec?.selector = ["pod": "db-1"]
        }
        #expect(try world.told("shop/db-1", "service:shop/db", 5432).hasPrefix("allow"))
        #expect(try world.told("shop/web", "service:shop/db", 5432).hasPrefix("deny"))
    }

    @Test("who is outside is seen where its node has the endpoint, and as the node elsewhere")
    func nodePort() throws {
        let client = ServiceWorld(Self.policy("app", "db", from: [Self.block("203.0.113.7/32")]))
        #expect(
            try client.told("203.0.113.7", "192.168.0.1", 30432)
                == "deny 1 of 2 ways is denied: Service shop/db → shop/db-2 (10.128.2.6:15432): "
                + "default deny ingress (NetworkPolicy shop/p)")
        let both = ServiceWorld(
            Self.policy("app", "db", from: [Self.block("203.0.113.7/32"), Self.block("192.168.0.1/32")]))
        #expect(try both.told("203.0.113.7", "192.168.0.1", 30432).hasPrefix("allow"))
        #expect(try both.told("203.0.113.7", "192.168.0.2", 30432).hasPrefix("deny 1 of 2 ways"))
    }

    @Test("with the traffic policy Local a node port has only the node's own endpoints, which see the client")
    func local() throws {
        let world = ServiceWorld(Self.policy("app", "db", from: [Self.block("203.0.113.7/32")])) {
            $0.spec?.externalTrafficPolicy = "Local"
        }
        #expect(
            try world.told("203.0.113.7", "192.168.0.2", 30432).hasPrefix("allow Service shop/db → shop/db-2"))
        let one = ServiceWorld { service in
            service.spec?.externalTrafficPolicy = "Local"
            service.spec?.selector = ["pod": "db-1"]
        }
        #expect(try one.told("203.0.113.7", "192.168.0.1", 30432).hasPrefix("allow Service shop/db → shop/db-1"))
        #expect(try one.told("203.0.113.7", "192.168.0.2", 30432).hasPrefix("deny Service shop/db has no endpoint"))
    }

    @Test("a node by name asks from its address")
    func nodes() throws {
        let world = ServiceWorld(Self.policy("app", "db", from: [Self.block("192.168.0.1/32")]))
        #expect(try world.told("node:one", "service:shop/db", 5432).hasPrefix("allow"))
        #expect(
            try world.told("node:two", "service:shop/db", 5432).hasPrefix(
                "deny 1 of 2 ways is denied: Service shop/db → shop/db-1"))
        #expect(try world.told("shop/web", "node:one", 22).hasPrefix("allow"))
    }

    @Test("a service without endpoints refuses")
    func empty() throws {
        let world = ServiceWorld { $0.spec?.selector = ["app": "nobody"] }
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
        #expect(try ServiceWorld().told(from, to, port) == message)
    }

    @Test("what is no end is none", arguments: ["", "service:", "service:db", "node:", "node:a/b", "a", "a/b/c"])
    func noEnds(text: String) { #expect(Question.End(text) == nil) }
}
