import APIMachinery
import ClusterAPI
import TestRandom
import Testing

@Suite struct LabelQueryTests {
    /// Selector, labels that it selects, labels that it does not.
    static let cases: [(String, [String: String], [String: String]?)] = [
        ("", [:], nil),
        ("a=b", ["a": "b"], ["a": "c"]),
        ("a==b", ["a": "b"], [:]),
        ("a!=b", [:], ["a": "b"]),
        ("a!=b,c=d", ["c": "d"], ["a": "b", "c": "d"]),
        ("a in (b, c)", ["a": "c"], ["a": "d"]),
        ("a in (b)", ["a": "b"], [:]),
        ("a notin (b,c)", [:], ["a": "b"]),
        ("a", ["a": ""], [:]),
        ("!a", ["b": ""], ["a": ""]),
        ("a,!b", ["a": "1"], ["a": "1", "b": ""]),
        ("a=", ["a": ""], ["a": "b"]),
        ("a in (,b)", ["a": ""], ["a": "c"]),
        ("n>3", ["n": "4"], ["n": "3"]),
        ("n<3", ["n": "2"], ["n": "x"]),
        ("  a = b , example.com/c in ( d )  ", ["a": "b", "example.com/c": "d"], ["a": "b"]),
        ("in=notin", ["in": "notin"], ["in": "in"]),
    ]

    @Test("a label selector selects as kubectl expects", arguments: cases)
    func selects(_ text: String, _ selected: [String: String], _ left: [String: String]?) throws {
        let query = try LabelQuery(text)
        #expect(query.matches(selected))
        if let left { #expect(!query.matches(left)) }
        #expect(try LabelQuery(query.description) == query)
    }

    static let broken: [(String, String)] = [
        ("a in b", "found 'b' expected: '('"), ("a=b c", "found 'c', expected: ',' or 'end of string'"),
        ("a=b,", "found '', expected: identifier after ','"), (",a", "found ',', expected: identifier"),
        ("a in (b", "found '', expected: ',' or ')'"), ("n>x", "the value must be an integer"),
        ("-a=b", "name part must consist of alphanumeric characters"),
        ("a=b b", "found 'b', expected: ',' or 'end of string'"), ("a=-b", "a valid label must be an empty string or"),
        ("a/b/c", "a qualified name must consist of"), ("!", "found '', expected: identifier"),
        ("a~b", "name part must consist of alphanumeric characters"),
    ]

    @Test("text that is no selector gets 400 and says where", arguments: broken)
    func refuses(_ text: String, _ message: String) throws {
        let status = try #require(throws: APIStatus.self) { try LabelQuery(text) }
        #expect(status.code == 400)
        #expect(status.message.contains(message), "\(status.message)")
    }

    @Test("noise never crashes the parser, and what parses prints back", arguments: 0..<30)
    func survivesNoise(_ seed: Int) throws {
        var random = SeededGenerator(seed: seed)
        let parts = [
            "a", "b", "in", "notin", "=", "==", "!=", "!", "(", ")", ",", "<", ">", " ", "1", "é", "\u{0}", "/",
        ]
        for _ in 0..<300 {
            let text = (0..<Int.random(in: 0...8, using: &random)).map { _ in parts.randomElement(using: &random) ?? ""
            }
            guard let query = try? LabelQuery(text.joined()) else { continue }
            #expect(try LabelQuery(query.description) == query)
        }
    }
}

@Suite struct FieldQueryTests {
    static let pod = """
        {"metadata":{"name":"p","namespace":"n"},"spec":{"nodeName":"node1","hostNetwork":true},
         "status":{"phase":"Running","podIP":"10.0.0.1"}}
        """

    @Test(
        "a field selector selects pods by what the real server does",
        arguments: [
            ("metadata.name=p", true), ("metadata.name!=p", false), ("spec.nodeName=node1,status.phase=Running", true),
            ("spec.nodeName==node2", false), ("status.phase!=Running", false), ("status.podIP=10.0.0.1", true),
            ("spec.nodeName!=", true), ("spec.hostNetwork=true", true), ("", true), ("metadata.namespace=n", true),
        ])
    func selects(_ text: String, _ expected: Bool) throws {
        let query = try FieldQuery(text, for: builtIn("Pod"))
        #expect(query.matches(SelectableFields.values(of: try json(Self.pod), resource: "pods")) == expected)
    }

    @Test("events are found by their object (kubectl describe)")
    func selectsEvents() throws {
        let event = try json(
            #"{"involvedObject":{"name":"a","namespace":"n","kind":"Pod","uid":"1"},"reason":"R","type":"Warning"}"#)
        let text = "involvedObject.name=a,involvedObject.namespace=n,involvedObject.uid=1,involvedObject.kind=Pod"
        let fields = SelectableFields.values(of: event, resource: "events")
        #expect(try FieldQuery(text, for: builtIn("Event")).matches(fields))
        #expect(try !FieldQuery("type=Normal", for: builtIn("Event")).matches(fields))
    }

    @Test("the name that a selector demands is known without looking at objects")
    func knowsExactName() throws {
        #expect(try FieldQuery("metadata.name=x", for: builtIn("Pod")).exactName == "x")
        #expect(try FieldQuery("metadata.name!=x", for: builtIn("Pod")).exactName == nil)
    }

    @Test(
        "a field that cannot be selected by gets 400",
        arguments: [
            ("Pod", "spec.image=x", "field label not supported: spec.image"),
            (
                "NetworkPolicy", "spec.x=y",
                "is not a known field selector: only \"metadata.name\", \"metadata.namespace\""
            ),
            ("Pod", "nonsense", "invalid selector"), ("Pod", "metadata.name=a=b", "invalid selector"),
        ])
    func refuses(_ kind: String, _ text: String, _ message: String) throws {
        let resource = try builtIn(kind)
        let status = try #require(throws: APIStatus.self) { try FieldQuery(text, for: resource) }
        #expect(status.code == 400)
        #expect(status.message.contains(message), "\(status.message)")
    }
}
