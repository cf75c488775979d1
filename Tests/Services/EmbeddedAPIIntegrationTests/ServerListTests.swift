import ClusterAPI
import NIOHTTP1
import Testing

@Suite("Lists of the embedded API", .timeLimit(.minutes(1)))
struct ServerListTests {
    private static let maps = "/api/v1/namespaces/default/configmaps"

    @Test(
        "selectors choose objects",
        arguments: [
            ("labelSelector=color%3Dgreen", ["a", "b"]), ("labelSelector=color%21%3Dgreen", ["c", "d"]),
            ("labelSelector=color%20in%20(gray,green),size%3Ds", ["a", "c"]), ("labelSelector=%21color", ["d"]),
            ("fieldSelector=metadata.name%3Db", ["b"]), ("fieldSelector=metadata.name%21%3Db", ["a", "c", "d"]),
            ("labelSelector=color%3Dgreen&fieldSelector=metadata.name%3Da", ["a"]), ("", ["a", "b", "c", "d"]),
        ])
    func selects(query: String, names: [String]) async throws {
        try await ServerFixture.with { fixture in
            for (name, labels) in [
                ("a", ["color": "green", "size": "s"]), ("b", ["color": "green"]),
                ("c", ["color": "gray", "size": "s"]),
                ("d", [:]),
            ] {
                _ = try await fixture.admin.create(Self.maps, TestObjects.configMap(name, labels: labels))
            }
            let list = try await fixture.admin.get("\(Self.maps)?\(query)")
            #expect(list.names == names)
            #expect(list.json["kind"]?.string == "ConfigMapList")
        }
    }

    @Test("pages show one state, whatever happens between them")
    func pagesConsistently() async throws {
        try await ServerFixture.with { fixture in
            for number in 10..<20 {
                _ = try await fixture.admin.create(Self.maps, TestObjects.configMap("m\(number)", data: ["v": "1"]))
            }
            let first = try await fixture.admin.get(Self.maps + "?limit=4")
            #expect(first.names == ["m10", "m11", "m12", "m13"])
            #expect(first.json["metadata"]?["remainingItemCount"]?.int == 6)
            _ = try await fixture.admin.send(.DELETE, Self.maps + "/m15")
            _ = try await fixture.admin.create(Self.maps, TestObjects.configMap("m155"))
            _ = try await fixture.admin.send(
                .PATCH, Self.maps + "/m16", ["data": ["v": "2"]], type: "application/merge-patch+json")
            var names = first.names
            var values: [String] = []
            var next = first.json["metadata"]?["continue"]?.string
            while let token = next {
                let query = token.replacing("+", with: "%2B").replacing("=", with: "%3D")
                let page = try await fixture.admin.get("\(Self.maps)?limit=4&continue=\(query)")
                #expect(page.json["metadata"]?["resourceVersion"] == first.json["metadata"]?["resourceVersion"])
                names += page.names
                values += page.items.compactMap { $0["data"]?["v"]?.string }
                next = page.json["metadata"]?["continue"]?.string
            }
            #expect(names == (10..<20).map { "m\($0)" })
            #expect(values.allSatisfy { $0 == "1" })
        }
    }

    @Test("a page after its state was compacted answers 410")
    func expiresTokens() async throws {
        try await ServerFixture.with(history: 3) { fixture in
            for name in ["a", "b", "c"] { _ = try await fixture.admin.create(Self.maps, TestObjects.configMap(name)) }
            let first = try await fixture.admin.get(Self.maps + "?limit=1")
            let token = try #require(first.json["metadata"]?["continue"]?.string)
            for name in ["d", "e", "f", "g"] {
                _ = try await fixture.admin.create(Self.maps, TestObjects.configMap(name))
            }
            let page = try await fixture.admin.get(
                Self.maps + "?limit=1&continue=" + token.replacing("=", with: "%3D"))
            #expect(page.status == 410)
            #expect(page.reason == "Expired")
        }
    }

    @Test("an exact older state is listed; a future one answers 504")
    func listsExactly() async throws {
        try await ServerFixture.with { fixture in
            let made = try await fixture.admin.create(Self.maps, TestObjects.configMap("a"))
            let revision = try #require(made.json["metadata"]?["resourceVersion"]?.string)
            _ = try await fixture.admin.create(Self.maps, TestObjects.configMap("b"))
            _ = try await fixture.admin.send(.DELETE, Self.maps + "/a")
            let exact = "?resourceVersionMatch=Exact&resourceVersion="
            #expect(try await fixture.admin.get(Self.maps + exact + revision).names == ["a"])
            #expect(try await fixture.admin.get(Self.maps + "?resourceVersion=0").names == ["b"])
            #expect(try await fixture.admin.get(Self.maps + "?resourceVersion=999999").status == 504)
        }
    }

    @Test("tables and partial metadata come when the client asks for them")
    func rendersForms() async throws {
        try await ServerFixture.with { fixture in
            _ = try await fixture.admin.create(Self.maps, TestObjects.configMap("a", data: ["x": "1", "y": "2"]))
            let table = try await fixture.admin.get(
                Self.maps, accept: "application/json;as=Table;v=v1;g=meta.k8s.io,application/json")
            #expect(table.json["kind"]?.string == "Table")
            #expect(table.json["rows"]?.array?.first?["cells"]?.array?.first?.string == "a")
            let partial = try await fixture.admin.get(
                Self.maps, accept: "application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io")
            #expect(partial.items.first?["data"] == nil)
            #expect(partial.names == ["a"])
            #expect(try await fixture.admin.get(Self.maps, accept: "text/html").status == 406)
        }
    }
}
