import ClusterAPI
import KubernetesClient
import Testing

private let newer = "/apis/discovery.k8s.io/v1/endpointslices"
private let older = "/apis/discovery.k8s.io/v1beta1/endpointslices"

/// Kinds that servers have in different versions.
@Suite struct OlderVersionTests {
    private func slice(_ name: String, version: Int) -> String {
        #"{"metadata":{"name":"\#(name)","namespace":"n","resourceVersion":"\#(version)"},"addressType":"IPv4","#
            + #""endpoints":[{"addresses":["192.0.2.1"],"topology":{"kubernetes.io/hostname":"east"}}]}"#
    }

    @Test("a server without the present version is listed and watched in the older one")
    func olderServer() async throws {
        let server = ScriptedServer([
            "GET \(older)": [ScriptedServer.json(listJSON([slice("a", version: 5)], version: 10))],
            "WATCH \(older)": [[.status(200), .chunk(eventJSON("ADDED", slice("b", version: 11)))]],
        ])
        let nodes = try await server.serve { address in
            try await withTestClient(address) { await nodeNames(2, of: $0) }
        }
        #expect(nodes == ["a on east", "b on east"])
        #expect(server.received("WATCH \(older)").first?.query["resourceVersion"] == "10")
        #expect(server.received("WATCH \(newer)").isEmpty)
    }

    @Test("when an upgrade takes the older version away, the present one is listed")
    func upgrade() async throws {
        let server = ScriptedServer([
            "GET \(newer)": [
                ScriptedServer.failure(404, "NotFound"),
                ScriptedServer.json(listJSON([slice("c", version: 20)], version: 21)),
            ],
            "GET \(older)": [ScriptedServer.json(listJSON([slice("a", version: 5)], version: 10))],
            "WATCH \(newer)": [[.status(200), .chunk(eventJSON("ADDED", slice("d", version: 22)))]],
        ])
        let nodes = try await server.serve { address in
            try await withTestClient(address) { await nodeNames(3, of: $0) }
        }
        #expect(nodes == ["a on east", "c on east", "d on east"])
    }

    @Test("one list, too, is read in the version that the server has")
    func list() async throws {
        let server = ScriptedServer([
            "GET \(older)": [ScriptedServer.json(listJSON([slice("a", version: 5)], version: 10))]
        ])
        let slices = try await server.serve { address in
            try await withTestClient(address) { try await $0.list(EndpointSlice.self).items }
        }
        #expect(slices.map(\.key.name) == ["a"])
    }

    /// The first objects of the collection with the nodes of their endpoints; fewer when five seconds are over.
    private func nodeNames(_ count: Int, of client: KubernetesClient) async -> [String] {
        await withTaskGroup(of: [String].self) { group in
            group.addTask {
                var texts: [String] = []
                for await event in client.changes(of: EndpointSlice.self, timing: quick) {
                    switch event {
                    case .replaced(let all, _): texts += all.map(text)
                    case .upserted(let object): texts.append(text(object))
                    default: continue
                    }
                    if texts.count >= count { break }
                }
                return texts
            }
            group.addTask {
                try? await Task.sleep(for: .seconds(5))
                return []
            }
            let first = await group.next() ?? []
            group.cancelAll()
            return first
        }
    }

    private func text(_ slice: EndpointSlice) -> String {
        "\(slice.key.name) on \(slice.endpoints.first?.nodeName ?? "nothing")"
    }
}
