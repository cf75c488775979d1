import APIMachinery
import ClusterAPI
import TestRandom
import Testing

@Suite struct JSONPatchTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let name: String
        let document: String
        let patch: String
        /// Nil when the patch must not apply.
        let result: String?
        var testDescription: String { name }
    }

    /// RFC 6902, appendix A, and the corners that the RFC words only.
    static let cases = [
        Case(
            name: "A.1 add a member", document: #"{"foo":"bar"}"#,
            patch: #"[{"op":"add","path":"/baz","value":"qux"}]"#, result: #"{"baz":"qux","foo":"bar"}"#),
        Case(
            name: "A.2 add an element", document: #"{"foo":["bar","baz"]}"#,
            patch: #"[{"op":"add","path":"/foo/1","value":"qux"}]"#, result: #"{"foo":["bar","qux","baz"]}"#),
        Case(
            name: "A.3 remove a member", document: #"{"baz":"qux","foo":"bar"}"#,
            patch: #"[{"op":"remove","path":"/baz"}]"#, result: #"{"foo":"bar"}"#),
        Case(
            name: "A.4 remove an element", document: #"{"foo":["bar","qux","baz"]}"#,
            patch: #"[{"op":"remove","path":"/foo/1"}]"#, result: #"{"foo":["bar","baz"]}"#),
        Case(
            name: "A.5 replace a value", document: #"{"baz":"qux","foo":"bar"}"#,
            patch: #"[{"op":"replace","path":"/baz","value":"boo"}]"#, result: #"{"baz":"boo","foo":"bar"}"#),
        Case(
            name: "A.6 move a value", document: #"{"foo":{"bar":"baz","waldo":"fred"},"qux":{"corge":"grault"}}"#,
            patch: #"[{"op":"move","from":"/foo/waldo","path":"/qux/thud"}]"#,
            result: #"{"foo":{"bar":"baz"},"qux":{"corge":"grault","thud":"fred"}}"#),
        Case(
            name: "A.7 move an element", document: #"{"foo":["all","grass","cows","eat"]}"#,
            patch: #"[{"op":"move","from":"/foo/1","path":"/foo/3"}]"#, result: #"{"foo":["all","cows","eat","grass"]}"#
        ),
        Case(
            name: "A.8 a test that holds", document: #"{"baz":"qux","foo":["a",2,"c"]}"#,
            patch: #"[{"op":"test","path":"/baz","value":"qux"},{"op":"test","path":"/foo/1","value":2}]"#,
            result: #"{"baz":"qux","foo":["a",2,"c"]}"#),
        Case(
            name: "A.9 a test that fails", document: #"{"baz":"qux"}"#,
            patch: #"[{"op":"test","path":"/baz","value":"bar"}]"#, result: nil),
        Case(
            name: "A.10 add a nested object", document: #"{"foo":"bar"}"#,
            patch: #"[{"op":"add","path":"/child","value":{"grandchild":{}}}]"#,
            result: #"{"foo":"bar","child":{"grandchild":{}}}"#),
        Case(
            name: "A.11 unknown members are ignored", document: #"{"foo":"bar"}"#,
            patch: #"[{"op":"add","path":"/baz","value":"qux","xyz":123}]"#, result: #"{"foo":"bar","baz":"qux"}"#),
        Case(
            name: "A.12 add below nothing", document: #"{"foo":"bar"}"#,
            patch: #"[{"op":"add","path":"/baz/bat","value":"qux"}]"#, result: nil),
        Case(
            name: "A.14 escapes", document: #"{"/":9,"~1":10}"#, patch: #"[{"op":"test","path":"/~01","value":10}]"#,
            result: #"{"/":9,"~1":10}"#),
        Case(
            name: "A.15 text is not a number", document: #"{"/":9,"~1":10}"#,
            patch: #"[{"op":"test","path":"/~01","value":"10"}]"#, result: nil),
        Case(
            name: "A.16 append", document: #"{"foo":["bar"]}"#,
            patch: #"[{"op":"add","path":"/foo/-","value":["abc","def"]}]"#, result: #"{"foo":["bar",["abc","def"]]}"#),
        Case(
            name: "copy", document: #"{"a":{"b":1}}"#, patch: #"[{"op":"copy","from":"/a","path":"/c"}]"#,
            result: #"{"a":{"b":1},"c":{"b":1}}"#),
        Case(
            name: "copy of nothing", document: #"{"a":1}"#, patch: #"[{"op":"copy","from":"/b","path":"/c"}]"#,
            result: nil),
        Case(
            name: "move into itself", document: #"{"a":{"b":1}}"#, patch: #"[{"op":"move","from":"/a","path":"/a/c"}]"#,
            result: nil),
        Case(
            name: "replace nothing", document: #"{"a":1}"#, patch: #"[{"op":"replace","path":"/b","value":1}]"#,
            result: nil),
        Case(name: "remove nothing", document: #"{"a":1}"#, patch: #"[{"op":"remove","path":"/b"}]"#, result: nil),
        Case(
            name: "index past the end", document: #"{"a":[1]}"#, patch: #"[{"op":"add","path":"/a/2","value":1}]"#,
            result: nil),
        Case(
            name: "index at the end", document: #"{"a":[1]}"#, patch: #"[{"op":"add","path":"/a/1","value":2}]"#,
            result: #"{"a":[1,2]}"#),
        Case(
            name: "index with a leading zero", document: #"{"a":[1,2]}"#, patch: #"[{"op":"remove","path":"/a/01"}]"#,
            result: nil),
        Case(
            name: "a later failure undoes all", document: #"{"a":1}"#,
            patch: #"[{"op":"add","path":"/b","value":1},{"op":"test","path":"/a","value":2}]"#, result: nil),
        Case(
            name: "the whole document", document: #"{"a":1}"#, patch: #"[{"op":"replace","path":"","value":{"b":2}}]"#,
            result: #"{"b":2}"#),
        Case(
            name: "numbers compare by value", document: #"{"a":1}"#, patch: #"[{"op":"test","path":"/a","value":1.0}]"#,
            result: #"{"a":1}"#),
        Case(
            name: "test of nothing against null", document: #"{}"#, patch: #"[{"op":"test","path":"/a","value":null}]"#,
            result: #"{}"#),
    ]

    @Test("a JSON patch does what RFC 6902 says, or 422 and nothing", arguments: cases)
    func applies(_ example: Case) throws {
        let resource = try builtIn("ConfigMap")
        let patch = try Patch(contentType: "application/json-patch+json", body: json(example.patch), of: resource)
        let document = try json(example.document)
        if let result = example.result {
            #expect(try patch.applied(to: document, of: resource) == json(result))
        } else {
            let status = try #require(throws: APIStatus.self) { try patch.applied(to: document, of: resource) }
            #expect(status.code == 422)
        }
    }

    @Test(
        "a body that is no JSON patch gets 400",
        arguments: [
            "{}", "[1]", #"[{"path":"/a"}]"#, #"[{"op":"add","path":"/a"}]"#, #"[{"op":"drop","path":"/a"}]"#,
            #"[{"op":"remove"}]"#, #"[{"op":"remove","path":"a"}]"#, #"[{"op":"remove","path":"/~2"}]"#,
            #"[{"op":"move","path":"/a"}]"#,
        ])
    func refusesBodies(_ text: String) throws {
        let body = try json(text)
        let resource = try builtIn("ConfigMap")
        let status = try #require(throws: APIStatus.self) {
            try Patch(contentType: "application/json-patch+json", body: body, of: resource)
        }
        #expect(status.code == 400)
    }

    @Test("more than 10,000 operations are too many")
    func refusesFloods() throws {
        let resource = try builtIn("ConfigMap")
        let operation = try json(#"{"op":"test","path":"/a","value":1}"#)
        let body = JSONValue.array(Array(repeating: operation, count: 10_001))
        let status = try #require(throws: APIStatus.self) {
            try Patch(contentType: "application/json-patch+json", body: body, of: resource)
        }
        #expect(status.code == 413)
    }

    @Test("other content types get 415 with what is served", arguments: ["application/json", "", "text/plain"])
    func refusesContentTypes(_ contentType: String) throws {
        let resource = try builtIn("ConfigMap")
        let status = try #require(throws: APIStatus.self) {
            try Patch(contentType: contentType, body: [:], of: resource)
        }
        #expect(status.code == 415)
        #expect(status.message.contains("application/strategic-merge-patch+json"))
    }

    @Test("random operations on random documents never crash", arguments: 0..<40)
    func survivesNoise(_ seed: Int) throws {
        var random = SeededGenerator(seed: seed)
        let resource = try builtIn("ConfigMap")
        let paths = ["", "/a", "/a/0", "/a/-", "/b/a", "/c/1/a", "/spec/ports/0", "/~0", "/name"]
        for _ in 0..<200 {
            let document = random.object(depth: 4, nulls: true)
            let operations = (0..<4).map { _ in
                JSONValue.object([
                    "op": .string(
                        ["add", "remove", "replace", "move", "copy", "test"].randomElement(using: &random) ?? ""),
                    "path": .string(paths.randomElement(using: &random) ?? ""),
                    "from": .string(paths.randomElement(using: &random) ?? ""),
                    "value": random.document(depth: 2, nulls: true),
                ])
            }
            let patch = try Patch(
                contentType: "application/json-patch+json", body: .array(operations), of: resource)
            do {
                _ = try patch.applied(to: document, of: resource)
            } catch {
                #expect(error.code == 422)
            }
        }
    }
}
