import ClusterAPI
import Foundation
import KubernetesClient
import Testing

@Suite struct EventRecorderTests {
    private let stored = ScriptedServer.json(#"{"metadata":{"name":"e"},"involvedObject":{}}"#, code: 201)

    private func run(_ server: ScriptedServer, until count: Int, _ record: @escaping @Sendable (EventRecorder) -> Void)
        async throws
    {
        try await server.serve { address in
            try await withTestClient(address) { client in
                let recorder = EventRecorder(
                    client: client, component: "test", wallClock: { Timestamp(microsecondsSince1970: 0) })
                record(recorder)
                await withTaskGroup(of: Void.self) { group in
                    group.addTask { await recorder.run() }
                    for _ in 0..<200 where server.received.count < count {
                        try? await Task.sleep(for: .milliseconds(10))
                    }
                    group.cancelAll()
                }
            }
        }
    }

    @Test("repeats raise the count of the first event")
    func repeats() async throws {
        let server = ScriptedServer(["POST /api/v1/namespaces/default/events": [stored, stored]])
        try await run(server, until: 4) { recorder in
            let node = Node(metadata: ObjectMeta(name: "n"))
            recorder.record(.warning, about: node, reason: "NoSubnet", message: "m")
            recorder.record(.warning, about: node, reason: "NoSubnet", message: "m")
            recorder.record(.warning, about: node, reason: "NoSubnet", message: "another")
        }
        let sent = server.received
        try #require(sent.count >= 3)
        #expect(sent.map(\.method).prefix(2) == ["POST", "PATCH"])
        let first = try JSONDecoder().decode(JSONValue.self, from: Data(sent[0].body.utf8))
        #expect(first["involvedObject"]?["kind"] == "Node")
        #expect(first["firstTimestamp"] == "1970-01-01T00:00:00Z")
        #expect(sent[1].path.hasPrefix("/api/v1/namespaces/default/events/n."))
        #expect(sent[1].body.contains(#""count":2"#))
    }

    @Test("a refused event is no obstacle to the next")
    func refusal() async throws {
        let path = "POST /api/v1/namespaces/a/events"
        let server = ScriptedServer([path: [ScriptedServer.failure(403, "Forbidden"), stored]])
        try await run(server, until: 2) { recorder in
            let pod = Pod(metadata: ObjectMeta(name: "p", namespace: "a"))
            recorder.record(.normal, about: pod, reason: "A", message: "m")
            recorder.record(.normal, about: pod, reason: "B", message: "m")
        }
        #expect(server.received(path).count == 2)
    }
}
