import ClusterAPI
import KubernetesClient
import NIOHTTP1
import Testing

@Suite struct DiscoveryTests {
    private let core = ScriptedServer.json(
        #"{"groupVersion":"v1","resources":[{"name":"pods","singularName":"pod","namespaced":true,"kind":"Pod","#
            + #""verbs":["get"],"shortNames":["po"]},{"name":"pods/status","namespaced":true,"kind":"Pod","verbs":["get"]}]}"#
    )
    private let routes = ScriptedServer.json(
        #"{"resources":[{"name":"routes","singularName":"route","namespaced":true,"kind":"Route","verbs":["get"]}]}"#)
    private let groups = ScriptedServer.json(
        #"{"groups":[{"name":"route.openshift.io","versions":[{"groupVersion":"route.openshift.io/v1"}]}]}"#)

    @Test(
        "people's names for kinds are found",
        arguments: [
            ("po", "pods"), ("Pod", "pods"), ("pods", "pods"), ("route", "routes"),
            ("routes.route.openshift.io", "routes"),
        ])
    func names(asked: String, plural: String) async throws {
        let server = ScriptedServer([
            "GET /api/v1": [core], "GET /apis": [groups], "GET /apis/route.openshift.io/v1": [routes],
        ])
        let found = try await server.serve { address in
            try await withTestClient(address) { try await $0.resource(named: asked) }
        }
        #expect(found.type.plural == plural)
    }

    @Test("an untyped object finds its own path and takes a default namespace")
    func untyped() async throws {
        let path = "/apis/route.openshift.io/v1/namespaces/shop/routes"
        let server = ScriptedServer([
            "GET /apis/route.openshift.io/v1": [routes],
            "POST \(path)": [ScriptedServer.json(#"{"metadata":{"name":"r"}}"#, code: 201)],
            "PUT \(path)/r": [ScriptedServer.json(#"{"metadata":{"name":"r"}}"#)],
        ])
        let route: JSONValue = ["apiVersion": "route.openshift.io/v1", "kind": "Route", "metadata": ["name": "r"]]
        try await server.serve { address in
            try await withTestClient(address) { client in
                try await client.create(route, in: "shop")
                try await client.update(route, in: "shop")
            }
        }
        #expect(server.received("POST \(path)").first?.body.contains(#""namespace":"shop""#) == true)
        #expect(server.received("GET /apis/route.openshift.io/v1").count == 1)
    }

    @Test("a kind that is not served is named, with the remedy")
    func unknown() async throws {
        try await ScriptedServer().serve { address in
            try await withTestClient(address) { client in
                let error = await #expect(throws: KubernetesError.self) {
                    try await client.resource(apiVersion: "x.io/v1", kind: "Thing")
                }
                #expect(error?.description.contains("is the CRD applied?") == true)
            }
        }
    }

    @Test("tables are asked for and read")
    func table() async throws {
        let answer =
            #"{"kind":"Table","columnDefinitions":[{"name":"Name","type":"string"}],"rows":[{"cells":["a",3,null]}]}"#
        let server = ScriptedServer(["GET /api/v1/namespaces/x/pods": [ScriptedServer.json(answer)]])
        let table = try await server.serve { address in
            try await withTestClient(address) { try await $0.table(Pod.resource, in: "x") }
        }
        #expect(table.rows.first?.cells == ["a", 3, .null])
        #expect(server.received.first?.headers.first(name: "Accept")?.contains("as=Table") == true)
    }
}
