import ClusterAPI
import KubernetesClient
import Testing

private let path = "/api/v1/namespaces"

@Suite struct LatencyTests {
    @Test("an event is delivered as soon as its line is there, not when the connection ends")
    func promptness() async throws {
        let lines = (1...20).flatMap { number -> [ScriptedServer.Step] in
            [.pause(milliseconds: 5), .chunk(eventJSON("ADDED", namespaceJSON("n\(number)", version: 10 + number)))]
        }
        let server = ScriptedServer([
            "GET \(path)": [ScriptedServer.json(listJSON([], version: 10))],
            "WATCH \(path)": [[.status(200)] + lines],
        ])
        let events = try await server.serve { address in
            try await withTestClient(address) { await firstEvents(21, of: $0) }
        }
        #expect(events.count == 21)
        #expect(events.last == "+n20")
    }
}
