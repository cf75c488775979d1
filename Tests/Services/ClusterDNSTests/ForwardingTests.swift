import ClusterDNS
import DNSFormats
import LinuxSystem
import NetworkTypes
import TestSupport
import Testing

@Suite("Other people's names", .requiresRoot, .timeLimit(.minutes(2)))
struct ForwardingTests {
    private static let outside = "Example.org"

    /// A port of loopback where nobody is.
    private static func deadPlace() throws -> SocketAddress {
        let socket = try Socket(.udp, .v4)
        try socket.bind(to: SocketAddress(DNSFixture.loopback, port: 0))
        return try #require(try socket.localAddress())
    }

    @Test("are asked for with a number and a port that nobody can guess, and told with the client's number")
    func forwarded() async throws {
        try await FakeUpstream.with({ query, _ in [FakeUpstream.reply(to: query)] }) { upstream in
            try await DNSFixture.with([], upstreams: [upstream.place]) { doors, _ in
                for id in 0..<UInt16(20) {
                    var query = try NameClient.query(Self.outside, id: id)
                    query.edns = DNSExtension(datagramSize: 4096, wantsSignatures: true, options: [0, 10, 0, 1, 7])
                    let answer = try #require(try await doors.datagrams.ask(query))
                    #expect(answer.questions[0].name.description == "Example.org." && answer.answers.count == 1)
                }
                #expect(Set(upstream.questions.map(\.message.header.id)).count > 15)
                #expect(Set(upstream.questions.map(\.from)).count > 15)
                // A cookie is between neighbours.
                let edns = DNSExtension(datagramSize: 1232, wantsSignatures: true)
                #expect(upstream.questions.allSatisfy { $0.message.edns == edns })
            }
        }
    }

    @Test("answers with a wrong number or to another question are not believed")
    func forged() async throws {
        let answer: @Sendable (DNSMessage, Bool) -> [[UInt8]] = { query, _ in
            let number = FakeUpstream.reply(to: query, addresses: 2) { $0.header.id &+= 1 }
            let question = FakeUpstream.reply(to: query, addresses: 2) {
                $0.questions[0].name = DomainName("evil.example") ?? .root
            }
            let echo = query.encoded()
            return [number, question, echo, [1, 2, 3], FakeUpstream.reply(to: query)]
        }
        try await FakeUpstream.with(answer) { upstream in
            try await DNSFixture.with([], upstreams: [upstream.place]) { doors, _ in
                let answer = try await doors.datagrams.ask(try NameClient.query(Self.outside))
                #expect(answer?.answers.count == 1)
            }
        }
    }

    @Test("come from the next upstream when the first is dead, silent or fails; who was silent is asked last")
    func failover() async throws {
        let dead = try Self.deadPlace().port
        let answers: [FakeUpstream.Answer] = [
            { _, _ in [] },
            { query, _ in [FakeUpstream.reply(to: query, addresses: 0, code: .serverFailure)] },
            { query, _ in [FakeUpstream.reply(to: query)] },
        ]
        try await FakeUpstream.with(answers) { upstreams in
            // Ports, not whole addresses: a fixture whose closures held those crashed.
            let ports = [dead] + upstreams.map(\.place.port)
            let change: DNSFixture.Change = {
                $0.upstreams = ports.map { DNSPlace(DNSFixture.loopback, port: $0) }
                $0.limits.upstreamPatience = .milliseconds(200)
            }
            try await DNSFixture.with([], change) { doors, _ in
                for _ in 0..<3 {
                    let query = try NameClient.query(Self.outside)
                    #expect(try await doors.datagrams.ask(query)?.answers.count == 1)
                }
                #expect(upstreams.map(\.questions.count) == [1, 3, 3])
            }
        }
    }

    @Test("nobody who answers is SERVFAIL, before the client gives up")
    func nobody() async throws {
        let dead = try Self.deadPlace()
        try await FakeUpstream.with({ _, _ in [] }) { silent in
            try await DNSFixture.with([], upstreams: [dead, silent.place]) { doors, _ in
                let query = try NameClient.query(Self.outside)
                let answer = try await doors.datagrams.ask(query, milliseconds: 5000)
                #expect(answer?.code == .serverFailure)
            }
        }
    }

    @Test("what is cut off is told so by UDP, and asked for by TCP for a client on TCP")
    func truncated() async throws {
        let answer: @Sendable (DNSMessage, Bool) -> [[UInt8]] = { query, isStream in
            [
                isStream
                    ? FakeUpstream.reply(to: query, addresses: 150)
                    : FakeUpstream.reply(to: query, addresses: 0) { $0.header.isTruncated = true }
            ]
        }
        try await FakeUpstream.with(answer) { upstream in
            try await DNSFixture.with([], upstreams: [upstream.place]) { doors, _ in
                let query = try NameClient.query(Self.outside)
                #expect(try await doors.datagrams.ask(query)?.header.isTruncated == true)
                let whole = try await doors.streams.ask(query)
                #expect(whole?.answers.count == 150 && whole?.header.isTruncated == false)
            }
        }
    }

    @Test("an alias of the cluster comes with what it stands for, here and outside, and never without")
    func aliases() async throws {
        let services = [
            DNSFixture.external("out", "db.example.org"), DNSFixture.external("gone", "gone.example.org"),
            DNSFixture.external("broken", "broken.example.org"),
            DNSFixture.external("near", "db.default.svc.cluster.local"),
            DNSFixture.external("circle", "circle.default.svc.cluster.local"), DNSFixture.headless("db"),
        ]
        let answer: @Sendable (DNSMessage, Bool) -> [[UInt8]] = { query, isStream in
            switch query.questions[0].name.description {
            case "gone.example.org.": [FakeUpstream.reply(to: query, addresses: 0, code: .noSuchName)]
            case "broken.example.org.": [FakeUpstream.reply(to: query, addresses: 0, code: .serverFailure)]
            // Cut off by UDP: it is asked again by TCP.
            case _ where !isStream: [FakeUpstream.reply(to: query, addresses: 0) { $0.header.isTruncated = true }]
            default: [FakeUpstream.reply(to: query, addresses: 3)]
            }
        }
        try await FakeUpstream.with(answer) { upstream in
            let slice = DNSFixture.slice(of: "db", ["10.128.1.1"])
            try await DNSFixture.with(services, slices: [slice], upstreams: [upstream.place]) { doors, _ in
                let expected: [(name: String, type: DNSRecordType, told: String)] = [
                    ("out", .a, "NOERROR CNAME A A A"), ("out", .cname, "NOERROR CNAME"),
                    ("near", .a, "NOERROR CNAME A"), ("gone", .a, "NXDOMAIN CNAME"), ("broken", .a, "SERVFAIL"),
                    ("circle", .a, "SERVFAIL"),
                ]
                for (name, type, text) in expected {
                    let told = try await Self.types(name, type, doors)
                    #expect(told == text, "\(name)")
                }
            }
        }
    }

    /// The answer's code and the types of its records.
    private static func types(
        _ name: String, _ type: DNSRecordType, _ doors: DNSFixture.Doors
    ) async throws -> String {
        let query = try NameClient.query("\(name).default.svc.cluster.local", type)
        let answer = try #require(try await doors.datagrams.ask(query))
        return ([answer.code.description] + answer.answers.map { "\($0.data.type)" }).joined(separator: " ")
    }

    @Test("a client that asks too much at once is told to wait, and others are served")
    func limits() async throws {
        let change: DNSFixture.Change = {
            $0.limits.forwardedPerClient = 2
            $0.limits.upstreamPatience = .milliseconds(700)
            $0.limits.totalPatience = .milliseconds(700)
        }
        try await FakeUpstream.with({ _, _ in [] }) { upstream in
            try await DNSFixture.with([], upstreams: [upstream.place], change) { doors, _ in
                let start = ContinuousClock.now
                let times = try await withThrowingTaskGroup(of: Duration.self) { group in
                    for number in 0..<6 {
                        group.addTask {
                            let query = try NameClient.query("\(number).example.org")
                            #expect(try await doors.datagrams.ask(query)?.code == .serverFailure)
                            return ContinuousClock.now - start
                        }
                    }
                    return try await group.reduce(into: []) { $0.append($1) }
                }
                #expect(times.filter { $0 >= .milliseconds(650) }.count == 2, "\(times)")
                #expect(upstream.questions.count == 2)
            }
        }
    }

    @Test("an upstream that asks here what it is asked is found out")
    func loop() async throws {
        // The server's own address stands for a forwarder that leads back.
        let place = try Self.deadPlace()
        let change: DNSFixture.Change = {
            $0.listeners = [DNSPlace(place.address, port: place.port)]
        }
        try await DNSFixture.with([], upstreams: [place], change) { doors, _ in
            let start = ContinuousClock.now
            let answer = try await doors.datagrams.ask(try NameClient.query(Self.outside))
            #expect(answer?.code == .serverFailure)
            #expect(ContinuousClock.now - start < .seconds(2))
        }
    }
}
