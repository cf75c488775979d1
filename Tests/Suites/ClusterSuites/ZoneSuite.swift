import APIMachinery
import ClusterAPI
import KubernetesClient
import Lab
import LinuxSystem
import NetworkTypes
import PolicyEngine
import ServiceVerdicts
import TestSupport
import Testing

@Suite("Zones keep real packets apart", .requiresRoot, .serialized, .timeLimit(.minutes(5)))
struct ZoneSuite {
    private static let objects: [JSONValue] =
        [("front", "dmz"), ("shop", "app"), ("orders", "data"), ("stray", "none")].map { name, zone in
            [
                "apiVersion": "v1", "kind": "Namespace",
                "metadata": ["name": .string(name), "labels": ["zone": .string(zone)]],
            ]
        } + [
            SuiteLab.pod("web", in: "front", node: "node-1"), SuiteLab.pod("api", in: "shop", node: "node-1"),
            SuiteLab.pod("mail", in: "shop", node: "node-2"), SuiteLab.pod("db", in: "orders", node: "node-2"),
            SuiteLab.pod("lost", in: "stray", node: "node-1"),
        ]

    private static func zone(_ name: String, _ order: Int, external: String = "Deny", holes: [JSONValue] = [])
        -> JSONValue
    {
        [
            "apiVersion": "gabion.io/v1", "kind": "Zone", "metadata": ["name": .string(name)],
            "spec": [
                "order": .int(Int64(order)), "namespaceSelector": ["matchLabels": ["zone": .string(name)]],
                "external": .string(external), "holes": .array(holes),
            ],
        ]
    }

    private static func hole(from zone: String, app: String, expires: String? = nil) -> JSONValue {
        var hole: JSONValue = [
            "from": ["zone": .string(zone), "podSelector": ["matchLabels": ["app": .string(app)]]],
            "ports": [["port": .int(8080)]], "owner": "suite", "reason": "to be tested",
        ]
        if let expires { hole["expires"] = .string(expires) }
        return hole
    }

    private static func zones(expires: String? = nil) -> [JSONValue] {
        [
            zone("dmz", 0, external: "Allow"), zone("app", 1, holes: [hole(from: "dmz", app: "web")]),
            zone("data", 2, holes: [hole(from: "app", app: "api", expires: expires)]),
        ]
    }

    @Test("between all pods, nodes and the outside, packets do what the engine says of three zones and a pod of none")
    func verdicts() async throws {
        try await SuiteLab.with(objects: Self.objects + Self.zones()) { lab in
            let snapshot = try await lab.snapshot()
            #expect(snapshot.zones.count == 3)
            let pods = snapshot.pods.map { Party.pod($0.key) }
            let others = (snapshot.nodes.flatMap(\.internalAddressTexts) + ["203.0.113.10"])
                .compactMap { IPAddress($0) }.map(Party.address)
            let flows = pods.flatMap { one in
                (pods + others).filter { $0 != one }.flatMap { other in
                    [
                        Flow(from: one, to: other, transport: .icmp, port: nil),
                        Flow(from: other, to: one, transport: .tcp, port: 8080),
                    ]
                }
            }
            let answers = try await lab.verify(flows, snapshot, prober: Prober(timeout: .milliseconds(600)))
            #expect(answers.filter(\.differs).isEmpty)
            let passing = answers.filter { $0.answer.isAllowed }.map(\.judgement.asked).filter { $0.transport == .tcp }
            #expect(passing.contains { "\($0.from)" == "front/web" && "\($0.to)" == "shop/api" })
            #expect(!passing.contains { "\($0.from)" == "front/web" && "\($0.to)" == "orders/db" })
        }
    }

    @Test("a hole that closes at its time ends the connection through it, and no event is needed")
    func expiry() async throws {
        try await SuiteLab.with(objects: Self.objects) { lab in
            let end = Timestamp.now().microsecondsSince1970 / 1_000_000 + 8
            try await lab.apply(Self.zones(expires: APITime(seconds: end).text))
            let snapshot = try await lab.snapshot()
            let server = try #require(
                snapshot.pods.first { $0.key.name == "db" }?.addressTexts.first.flatMap { IPAddress($0) })
            let client = try await lab.namespace(of: "shop/api")
            let stranger = try await lab.namespace(of: "shop/mail")
            try await eventually("the zones are in force") { try !SuiteLab.connects(stranger, server) }
            let stream = try EchoConversation(from: client, to: SocketAddress(server, port: 8080))
            #expect(try stream.echoes("through the hole"))
            try await eventually("the stream is cut", within: .seconds(20)) {
                try !stream.echoes("still there?", within: .milliseconds(300))
            }
            let late = Timestamp.now().microsecondsSince1970 - end * 1_000_000
            #expect((0..<5_000_000).contains(late), "cut \(late) µs after the end")
            #expect(try !SuiteLab.connects(client, server))
        }
    }

    @Test("gabion audit zones finds the lab's audit log by itself, and tells who opened which hole")
    func audit() async throws {
        let objects = Self.objects.filter { !["stray", "lost"].contains($0["metadata"]?["name"]?.string) }
        try await SuiteLab.with(objects: objects + Self.zones()) { lab in
            let holes = [Self.hole(from: "dmz", app: "web"), Self.hole(from: "dmz", app: "proxy")]
            try await lab.apply([
                Self.zone("app", 1, external: "Allow", holes: holes),
                ["apiVersion": "v1", "kind": "Namespace", "metadata": ["name": "late", "labels": ["zone": "data"]]],
            ])
            let text = try TestProgram.run(
                try BuiltProgram.path("gabion"), ["audit", "zones", "--lab", "\(lab.directory.name)"])
            let words = text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
            #expect(words.contains("create by gabion:root: 201"), "\(text)")
            #expect(words.contains("- outside Allow (was Deny)"), "\(text)")
            #expect(words.contains("- hole holes[1] added: from zone dmz, members pods app=proxy,"), "\(text)")
            #expect(words.contains("namespace late:") && words.contains("- created in zone data"), "\(text)")
            #expect(!words.contains("NOT EXPLAINED"), "\(text)")
        }
    }
}
