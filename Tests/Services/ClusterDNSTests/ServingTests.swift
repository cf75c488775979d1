import ClusterAPI
import ClusterDNS
import DNSFormats
import KubernetesClient
import LinuxSystem
import NetworkTypes
import TestSupport
import Testing

@Suite("Names of the cluster over real sockets", .requiresRoot, .timeLimit(.minutes(2)))
struct ServingTests {
    private static let web = Service(
        metadata: ObjectMeta(name: "web", namespace: "default"),
        spec: ServiceSpec(clusterIPs: ["172.30.0.5"], ports: [ServicePort(name: "http", port: 80)]))
    private static let many = (1...200).map { "10.128.1.\($0)" }

    @Test("are told by UDP and by TCP, with the question's letters, and denied with an authority")
    func answers() async throws {
        try await DNSFixture.with([Self.web]) { doors, _ in
            for server in [doors.datagrams, doors.streams] {
                let query = try NameClient.query("WEB.default.svc.Cluster.local")
                let answer = try #require(try await server.ask(query))
                #expect(answer.header.isAuthoritative && answer.code == .noError && answer.edns == nil)
                #expect(answer.questions[0].name.description == "WEB.default.svc.Cluster.local.")
                #expect(answer.answers.map(\.data) == [.address(IPAddress(v4: 0xAC1E_0005))])
                #expect(answer.answers.map(\.timeToLive) == [5])
                for (name, type, code) in [
                    ("web.default.svc.cluster.local", DNSRecordType.aaaa, DNSResponseCode.noError),
                    ("db.default.svc.cluster.local", .a, .noSuchName), ("default.svc.cluster.local", .a, .noError),
                ] {
                    let denial = try await server.ask(try NameClient.query(name, type))
                    #expect(denial?.code == code && denial?.answers.isEmpty == true, "\(name)")
                    #expect(denial?.authorities.first?.data.type == .soa, "\(name)")
                }
            }
        }
    }

    @Test("say where ports are, whose an address is, and who answers for the zone")
    func otherTypes() async throws {
        try await DNSFixture.with([Self.web]) { doors, client in
            let name = try #require(DomainName("web.default.svc.cluster.local"))
            let ports = try NameClient.query("_http._tcp.web.default.svc.cluster.local", .srv)
            let located = try await doors.datagrams.ask(ports)
            #expect(located?.answers.map(\.data) == [.service(priority: 0, weight: 100, port: 80, name)])
            #expect(located?.additionals.map(\.name) == [name])
            let reverse = try NameClient.query("5.0.30.172.in-addr.arpa", .ptr)
            #expect(try await doors.datagrams.ask(reverse)?.answers.map(\.data) == [.pointer(name)])
            let zone = try await doors.datagrams.ask(try NameClient.query("cluster.local", .any))
            #expect(zone?.answers.map(\.data.type) == [.soa, .ns])
            let version = try NameClient.query("dns-version.cluster.local", .txt)
            #expect(try await doors.datagrams.ask(version)?.answers.map(\.data) == [.text("1.1.0")])
        }
    }

    @Test(
        "that do not fit into a datagram are cut off as the client wants, and whole by TCP; in another order each time")
    func truncation() async throws {
        let slice = DNSFixture.slice(of: "db", Self.many)
        try await DNSFixture.with([DNSFixture.headless("db")], slices: [slice]) { doors, _ in
            var query = try NameClient.query("db.default.svc.cluster.local")
            let bytes = try #require(try await doors.datagrams.send(query.encoded()))
            #expect(bytes.count <= 512 && bytes.count > 480 && bytes[2] & 2 != 0)
            query.edns = DNSExtension(datagramSize: 4096)
            let long = try #require(try await doors.datagrams.send(query.encoded()))
            #expect(long.count <= 1232 && long.count > 1200)
            let whole = try #require(try await doors.streams.ask(query))
            #expect(whole.answers.count == 200 && !whole.header.isTruncated && whole.edns?.datagramSize == 1232)
            let again = try await doors.streams.ask(query)
            #expect(Set(again?.answers ?? []) == Set(whole.answers) && again?.answers != whole.answers)
        }
    }

    static let refusals: [(what: String, code: DNSResponseCode, change: @Sendable (inout DNSMessage) -> Void)] = [
        ("two questions", .formatError, { $0.questions += $0.questions }),
        ("no question", .formatError, { $0.questions = [] }),
        ("an update", .notImplemented, { $0.header.operation = 5 }),
        ("a later EDNS", .badVersion, { $0.edns = DNSExtension(datagramSize: 512, version: 1) }),
        ("another class", .refused, { $0.questions[0].recordClass = 3 }),
        ("the whole zone", .refused, { $0.questions[0].type = .axfr }),
        ("an outside name without upstreams", .refused, { $0.questions[0].name = DomainName("example.org") ?? .root }),
    ]

    @Test("what is no question for this server is refused with the reason", arguments: refusals)
    func refused(
        what: String, code: DNSResponseCode, change: @escaping @Sendable (inout DNSMessage) -> Void
    ) async throws {
        try await DNSFixture.with([]) { doors, _ in
            var query = try NameClient.query("web.default.svc.cluster.local")
            change(&query)
            #expect(try await doors.datagrams.ask(query)?.code == code, "\(what)")
            // What is broken gets a word, what is no question none.
            let broken = try await doors.datagrams.send([0x12, 0x34, 1, 0, 0, 9, 0, 0, 0, 0, 0, 0])
            #expect(broken == [0x12, 0x34, 0x80, 1, 0, 0, 0, 0, 0, 0, 0, 0])
            query.header.isResponse = true
            #expect(try await doors.datagrams.send(query.encoded(), milliseconds: 100) == nil)
        }
    }

    @Test("strangers are refused")
    func strangers() async throws {
        let change: DNSFixture.Change = { $0.clients = [CIDR("10.0.0.0/8")].compactMap(\.self) }
        try await DNSFixture.with([Self.web], change) { doors, _ in
            let query = try NameClient.query("web.default.svc.cluster.local")
            let answer = try await doors.datagrams.ask(query)
            #expect(answer?.code == .refused && answer?.answers.isEmpty == true)
        }
    }

    @Test("changes of services are told at once")
    func changes() async throws {
        try await DNSFixture.with([]) { doors, client in
            let query = try NameClient.query("web.default.svc.cluster.local")
            #expect(try await doors.datagrams.ask(query)?.code == .noSuchName)
            try await client.create(Self.web)
            try await eventually { try await doors.datagrams.ask(query)?.answers.count == 1 }
            try await client.delete(Service.self, "web", in: "default")
            try await eventually { try await doors.datagrams.ask(query)?.code == .noSuchName }
        }
    }

    @Test("pods are told by their addresses, as long as they are there")
    func pods() async throws {
        try await DNSFixture.with([]) { doors, client in
            let query = try NameClient.query("10-128-0-2.default.pod.cluster.local")
            try await eventually { try await doors.datagrams.ask(query)?.code == .noSuchName }
            let spec = PodSpec(containers: [Container(name: "main", ports: [])])
            var pod = try await client.create(
                Pod(metadata: ObjectMeta(name: "web", namespace: "default"), spec: spec))
            pod.status = PodStatus(phase: "Running", podIPs: ["10.128.0.2"])
            pod = try await client.updateStatus(pod)
            try await eventually { try await doors.datagrams.ask(query)?.answers.count == 1 }
            pod.status?.phase = "Failed"
            _ = try await client.updateStatus(pod)
            try await eventually { try await doors.datagrams.ask(query)?.code == .noSuchName }
        }
    }

    @Test("without the API: what was known is told on, and a fresh server says neither yes nor no")
    func apiAway() async throws {
        let directory = try TemporaryDirectory()
        let query = try NameClient.query("web.default.svc.cluster.local")
        try await FakeUpstream.with({ query, _ in [FakeUpstream.reply(to: query)] }) { upstream in
            try await DNSFixture.withClient(of: directory) { client in
                // No API server has ever been here.
                try await DNSFixture.withNames(client, upstreams: [upstream.place]) { doors in
                    #expect(try await doors.datagrams.ask(query)?.code == .serverFailure)
                    let reverse = try NameClient.query("5.0.30.172.in-addr.arpa", .ptr)
                    #expect(try await doors.datagrams.ask(reverse)?.code == .serverFailure)
                    let outside = try NameClient.query("example.org")
                    #expect(try await doors.datagrams.ask(outside)?.answers.count == 1)
                    try await DNSFixture.withAPI(in: directory) {
                        try await client.create(Self.web)
                        try await eventually {
                            try await doors.datagrams.ask(query)?.answers.count == 1
                        }
                    }
                    for _ in 0..<5 {
                        #expect(try await doors.datagrams.ask(query)?.answers.count == 1)
                        try await Task.sleep(for: .milliseconds(50))
                    }
                }
            }
        }
    }

    @Test("IPv6 clients are answered as IPv4 ones are")
    func ipv6() async throws {
        let directory = try TemporaryDirectory()
        try await DNSFixture.withAPI(in: directory) {
            try await DNSFixture.withClient(of: directory) { client in
                try await client.create(Self.web)
                let loopback = IPAddress(family: .v6, bits: 1)
                try await DNSFixture.withNames(client, listener: loopback) { doors in
                    let query = try NameClient.query("web.default.svc.cluster.local")
                    #expect(try await doors.datagrams.ask(query)?.answers.count == 1)
                    #expect(try await doors.streams.ask(query)?.answers.count == 1)
                }
            }
        }
    }

    @Test("beside a Kubernetes nobody listens, unless told to")
    func kubernetes() async throws {
        let directory = try TemporaryDirectory()
        try await DNSFixture.withClient(of: directory) { client in
            await #expect(throws: ClusterDNSError.besideKubernetes) {
                try await DNSFixture.withNames(client, isEmbedded: false) { _ in Issue.record("it listens") }
            }
            let force: DNSFixture.Change = { $0.servesBesideKubernetes = true }
            try await DNSFixture.withNames(client, isEmbedded: false, force) { doors in
                let query = try NameClient.query("cluster.local", .soa)
                #expect(try await doors.datagrams.ask(query)?.code == .serverFailure)
            }
        }
    }

    @Test("an address that is taken is an error with its place")
    func taken() async throws {
        let directory = try TemporaryDirectory()
        let socket = try Socket(.udp, .v4)
        try socket.bind(to: SocketAddress(DNSFixture.loopback, port: 0))
        let port = try #require(try socket.localAddress()?.port)
        try await DNSFixture.withClient(of: directory) { client in
            let error = await #expect(throws: ClusterDNSError.self) {
                let change: DNSFixture.Change = {
                    $0.listeners = [DNSPlace(DNSFixture.loopback, port: port)]
                }
                try await DNSFixture.withNames(client, change) { _ in }
            }
            #expect(error.map { "\($0)".contains("127.0.0.1:\(port) (UDP)") } == true)
        }
    }
}
