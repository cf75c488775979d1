import APIMachinery
import ClusterAPI
import Testing

@Suite struct OpenAPIv2Tests {
    private static let document = OpenAPIDocuments(ResourceCatalogue()).v2

    private static func definitions() throws -> [String: JSONValue] {
        try #require(document["definitions"]?.object)
    }

    @Test("a document without kinds is a few bytes of version and title")
    func encodesNothing() {
        var expected: [UInt8] = [0x0a, 3]
        expected += Array("2.0".utf8) + [0x12, 17, 0x0a, 6] + Array("Gabion".utf8) + [0x12, 7] + Array("v1.32.0".utf8)
        expected += [0x42, 0, 0x4a, 0]
        #expect(OpenAPIDocuments(ResourceCatalogue(resources: [])).v2Protobuf == expected)
    }

    @Test("protobuf says what JSON says: definitions, their fields, paths, parameters, kinds")
    func encodesTheSame() throws {
        let message = WireMessage(OpenAPIDocuments(ResourceCatalogue()).v2Protobuf)
        let definitions = try Self.definitions()
        #expect(message.message(9).pairs(1).mapValues(Self.schema) == definitions)
        let paths = try #require(Self.document["paths"]?.object)
        let decoded = message.message(8).pairs(2).mapValues { item in
            let methods: [(Int, String)] = [(2, "get"), (3, "put"), (4, "post"), (5, "delete"), (8, "patch")]
            return JSONValue.object(
                methods.reduce(into: [:]) { result, method in
                    if item.has(method.0) { result[method.1] = Self.operation(item.message(method.0)) }
                })
        }
        #expect(decoded == paths)
    }

    private static func extensions(_ message: WireMessage, _ field: Int) -> [String: JSONValue] {
        message.pairs(field).mapValues { (try? json($0.text(2))) ?? .null }
    }

    private static func schema(_ message: WireMessage) -> JSONValue {
        var result = extensions(message, 31)
        for (field, name) in [(1, "$ref"), (2, "format"), (4, "description")] where message.has(field) {
            result[name] = .string(message.text(field))
        }
        if message.has(19) { result["required"] = .array(message.texts(19).map(JSONValue.string)) }
        if message.has(21) { result["additionalProperties"] = schema(message.message(21).message(1)) }
        if message.has(22) { result["type"] = .string(message.message(22).text(1)) }
        if message.has(23) { result["items"] = schema(message.message(23).message(1)) }
        if message.has(25) { result["properties"] = .object(message.message(25).pairs(1).mapValues(schema)) }
        return .object(result)
    }

    private static func operation(_ message: WireMessage) -> JSONValue {
        var result = extensions(message, 13)
        let parameters = message.messages(8).map { item -> JSONValue in
            let query = item.message(1).message(2).message(3)
            return [
                "name": .string(query.text(4)), "in": .string(query.text(2)), "type": .string(query.text(6)),
                "uniqueItems": .bool(query.has(20)),
            ]
        }
        if !parameters.isEmpty { result["parameters"] = .array(parameters) }
        let responses = message.message(9).pairs(1)
        result["responses"] = .object(
            responses.mapValues { ["description": .string($0.message(1).text(1))] })
        return .object(result)
    }

    @Test("every type and every field of the built-in kinds says what it means")
    func describesFields() throws {
        for (name, schema) in try Self.definitions() {
            #expect(schema["description"]?.string?.isEmpty == false, "\(name)")
            for (field, property) in schema["properties"]?.object ?? [:] {
                #expect(property["description"]?.string?.isEmpty == false, "\(name).\(field)")
            }
        }
    }

    @Test("every reference leads somewhere, every list says of what, and each kind is defined once for each version")
    func isWhole() throws {
        let definitions = try Self.definitions()
        func check(_ schema: JSONValue, _ place: String) {
            if let reference = schema["$ref"]?.string {
                #expect(definitions[String(reference.dropFirst("#/definitions/".count))] != nil, "\(place)")
            }
            if schema["type"] == "array" { #expect(schema["items"] != nil, "\(place)") }
            for inner in [schema["items"], schema["additionalProperties"]].compactMap(\.self) { check(inner, place) }
            for (name, inner) in schema["properties"]?.object ?? [:] { check(inner, "\(place).\(name)") }
        }
        for (name, schema) in definitions { check(schema, name) }
        let kinds = definitions.values.flatMap { $0["x-kubernetes-group-version-kind"]?.array ?? [] }
        let served = ResourceDescriptor.builtIn.map(\.served.count).reduce(0, +)
        #expect(Set(kinds).count == served)
        #expect(kinds.count == served)
    }

    @Test("a custom kind that preserves what it does not know is open, and its PATCH can be tried")
    func opensCustomKinds() throws {
        var catalogue = ResourceCatalogue()
        let definition = try json(
            """
            {"metadata":{"name":"widgets.example.com"},"spec":{"group":"example.com","scope":"Namespaced",
             "names":{"plural":"widgets","kind":"Widget"},
             "versions":[{"name":"v1","served":true,"storage":true,"schema":{"openAPIV3Schema":
              {"type":"object","x-kubernetes-preserve-unknown-fields":true}}}]}}
            """)
        try catalogue.register(crd: definition)
        let document = OpenAPIDocuments(catalogue).v2
        let schema = try #require(document["definitions"]?["com.example.v1.Widget"])
        #expect(schema["type"] == "object")
        #expect(schema["properties"] == nil)
        let patch = document["paths"]?["/apis/example.com/v1/namespaces/{namespace}/widgets/{name}"]?["patch"]
        #expect(patch?["parameters"]?.array?.first?["name"] == "dryRun")
    }

    @Test("a custom kind with a schema is told field by field, in both versions")
    func tellsCustomKinds() throws {
        var catalogue = ResourceCatalogue()
        try catalogue.register(crd: SchemaFixtures.definition())
        let documents = OpenAPIDocuments(catalogue)
        let old = try #require(documents.v2["definitions"]?["com.example.v1.Widget"])
        #expect(old["properties"]?["metadata"]?["$ref"] != nil)
        let spec = try #require(old["properties"]?["spec"])
        #expect(spec["required"] == ["size"])
        #expect(spec["properties"]?["size"]?["type"] == "integer")
        #expect(spec["properties"]?["ports"]?["x-kubernetes-list-map-keys"] == ["port", "protocol"])
        #expect(spec["properties"]?["labels"]?["additionalProperties"]?["type"] == "string")
        // What the older version cannot say, its clients must not refuse.
        #expect(spec["properties"]?["maybe"]?["type"] == nil && spec["properties"]?["target"]?["type"] == nil)
        #expect(spec["properties"]?["free"]?["properties"] == nil)
        let new = try #require(
            documents.v3(path: "apis/example.com/v1")?["components"]?["schemas"]?["com.example.v1.Widget"])
        #expect(new["properties"]?["spec"]?["properties"]?["color"]?["enum"] == ["red", "green"])
        #expect(new["properties"]?["apiVersion"]?["description"] != nil)
        #expect(new["x-kubernetes-group-version-kind"]?.array?.first?["kind"] == "Widget")
        #expect(!documents.v2Protobuf.isEmpty)
    }
}

/// A protobuf message taken apart by field number, as far as these documents go.
private struct WireMessage {
    private var fields: [Int: [[UInt8]]] = [:]

    init(_ bytes: [UInt8]) {
        var rest = bytes[...]
        func varint() -> Int {
            var number = 0
            var shift = 0
            while let byte = rest.popFirst() {
                number |= Int(byte & 0x7f) << shift
                shift += 7
                if byte < 0x80 { break }
            }
            return number
        }
        while !rest.isEmpty {
            let tag = varint()
            let count = varint()
            guard tag & 7 == 2 else {
                fields[tag >> 3, default: []].append([UInt8(count)])
                continue
            }
            fields[tag >> 3, default: []].append(Array(rest.prefix(count)))
            rest = rest.dropFirst(count)
        }
    }

    func has(_ field: Int) -> Bool { fields[field] != nil }
    func text(_ field: Int) -> String { String(decoding: fields[field]?.first ?? [], as: UTF8.self) }
    func texts(_ field: Int) -> [String] { (fields[field] ?? []).map { String(decoding: $0, as: UTF8.self) } }
    func messages(_ field: Int) -> [WireMessage] { (fields[field] ?? []).map(WireMessage.init) }
    func message(_ field: Int) -> WireMessage { WireMessage(fields[field]?.first ?? []) }

    /// A map: pairs of a name and a message.
    func pairs(_ field: Int) -> [String: WireMessage] {
        messages(field).reduce(into: [:]) { $0[$1.text(1)] = $1.message(2) }
    }
}
