import EgressNames
import NetworkTypes
import Testing

@Suite("Answers")
struct AnswerTests {
    private static let policy = ["www.example.com", "**.cdn.example", "api.example.com", "**.cluster.local"]

    private static func names() throws -> LearnedNames {
        let bounds = NameBounds(
            clusterRanges: ["10.128.0.0/14", "192.168.1.0/24"].compactMap { CIDR($0) },
            serviceRanges: [CIDR("172.30.0.0/16")].compactMap(\.self), zone: DomainName("cluster.local"))
        var names = LearnedNames(bounds: bounds)
        _ = try names.mention(Self.policy, by: "a")
        return names
    }

    static let cases: [(asked: String, records: [String], learned: [String], refused: [String])] = [
        // Times: the shortest on the way, at least a minute, and five seconds more.
        ("www.example.com", ["www.example.com 300 192.0.2.1"], ["www.example.com. 192.0.2.1 1305"], []),
        (
            "WWW.Example.com", ["www.example.com 0 192.0.2.1", "www.example.com 90 192.0.2.2"],
            ["WWW.Example.com. 192.0.2.1 1060", "WWW.Example.com. 192.0.2.2 1095"], []
        ),
        ("www.example.com", ["www.example.com 4000000000 192.0.2.1"], ["www.example.com. 192.0.2.1 1060"], []),
        ("www.example.com", ["www.example.com 604800 192.0.2.1"], ["www.example.com. 192.0.2.1 87405"], []),
        ("www.example.com AAAA", ["www.example.com 300 2001:db8::1"], ["www.example.com. 2001:db8::1 1305"], []),
        // Aliases: all names on the way that policy mentions, in whatever order the records are.
        (
            "www.example.com", ["e1.cdn.example 70 192.0.2.1", "www.example.com 300 e1.cdn.example"],
            ["e1.cdn.example. 192.0.2.1 1075", "www.example.com. 192.0.2.1 1075"], []
        ),
        (
            "www.example.com",
            ["www.example.com 70 x.example.net", "x.example.net 300 e1.cdn.example", "e1.cdn.example 300 192.0.2.1"],
            ["e1.cdn.example. 192.0.2.1 1305", "www.example.com. 192.0.2.1 1075"], []
        ),
        ("www.example.com", ["www.example.com 70 x.example.net"], [], []),
        ("www.example.com", [], [], []),
        // What policy does not mention.
        ("other.example.com", ["other.example.com 300 192.0.2.1"], [], []),
        ("www.example.com.evil.example", ["www.example.com.evil.example 300 192.0.2.1"], [], []),
        // What the question does not lead to.
        (
            "www.example.com", ["www.example.com 300 192.0.2.1", "api.example.com 300 198.51.100.1"],
            ["www.example.com. 192.0.2.1 1305"], ["stray_record"]
        ),
        (
            "www.example.com", ["www.example.com 300 192.0.2.1", "api.example.com 300 e1.cdn.example"],
            ["www.example.com. 192.0.2.1 1305"], ["stray_record"]
        ),
        (
            "www.example.com", ["www.example.com 300 e1.cdn.example", "www.example.com 300 192.0.2.1"], [],
            ["stray_record"]
        ),
        ("evil.example", ["evil.example 300 192.0.2.1", "www.example.com 300 192.0.2.1"], [], ["stray_record"]),
        (
            "www.example.com", ["www.example.com 300 2001:db8::1", "www.example.com 300 192.0.2.1"],
            ["www.example.com. 192.0.2.1 1305"], ["other_family"]
        ),
        (
            "www.example.com",
            ["www.example.com 300 a.cdn.example", "www.example.com 300 b.cdn.example", "a.cdn.example 300 192.0.2.1"],
            [], ["ambiguous_alias"]
        ),
        (
            "www.example.com", ["www.example.com 300 api.example.com", "api.example.com 300 www.example.com"], [],
            ["long_chain"]
        ),
        // Addresses that a name outside must not open.
        ("www.example.com", ["www.example.com 300 10.128.0.5"], [], ["forbidden_address"]),
        ("www.example.com", ["www.example.com 300 192.168.1.7"], [], ["forbidden_address"]),
        ("www.example.com", ["www.example.com 300 172.30.0.1"], [], ["forbidden_address"]),
        ("www.example.com", ["www.example.com 300 127.0.0.1"], [], ["forbidden_address"]),
        ("www.example.com", ["www.example.com 300 169.254.169.254"], [], ["forbidden_address"]),
        ("www.example.com", ["www.example.com 300 0.0.0.0"], [], ["forbidden_address"]),
        ("www.example.com", ["www.example.com 300 224.0.0.1"], [], ["forbidden_address"]),
        ("www.example.com AAAA", ["www.example.com 300 ::1"], [], ["forbidden_address"]),
        ("www.example.com AAAA", ["www.example.com 300 ::ffff:10.128.0.5"], [], ["forbidden_address"]),
        ("www.example.com AAAA", ["www.example.com 300 fe80::1"], [], ["forbidden_address"]),
        ("www.example.com", ["www.example.com 300 10.0.0.5"], ["www.example.com. 10.0.0.5 1305"], []),
        // Names of the cluster may be pods, and are no services.
        (
            "db.shop.svc.cluster.local", ["db.shop.svc.cluster.local 5 10.128.0.5"],
            ["db.shop.svc.cluster.local. 10.128.0.5 1060"], []
        ),
        ("web.shop.svc.cluster.local", ["web.shop.svc.cluster.local 5 172.30.0.5"], [], ["forbidden_address"]),
    ]

    @Test("teach what they lead to, and nothing else; each refusal has a name", arguments: cases)
    func answers(asked: String, records: [String], learned: [String], refused: [String]) throws {
        var names = try Self.names()
        let lesson = try names.teach("a", asked, records, at: 1000)
        #expect(Texts.told(names.entries) == learned.map { "a " + $0 })
        #expect(lesson.isAnswer && lesson.refusals.map(\.reason) == refused, "\(lesson.refusals)")
        #expect(lesson.delta.added == names.contents && lesson.delta.removed.isEmpty)
    }

    @Test("of 16 aliases in a row are believed, and not of 17", arguments: [(16, 1), (17, 0)])
    func longest(aliases: Int, learned: Int) throws {
        var names = try Self.names()
        let chain = (0..<aliases).map { "\($0 == 0 ? "www.example.com" : "n\($0).x.example") 300 n\($0 + 1).x.example" }
        _ = try names.teach("a", "www.example.com", chain + ["n\(aliases).x.example 300 192.0.2.1"])
        #expect(names.entries.count == learned)
    }

    @Test("that nobody waits for, from another server or to another question are not believed, and the true one is")
    func forged() throws {
        var names = try Self.names()
        let records = ["www.example.com 300 192.0.2.1"]
        let id = try names.ask(try Texts.question("www.example.com"), for: Texts.pod("a"), of: Texts.server)
        let evil = try Texts.address("198.51.100.66")
        let forged = [
            (try Texts.answer("www.example.com", records, from: evil), "other_server"),
            (try Texts.answer("www.example.com AAAA", records), "other_question"),
            (try Texts.answer("api.example.com", ["api.example.com 300 192.0.2.1"]), "other_question"),
        ]
        for (answer, reason) in forged {
            let lesson = names.learn(answer, to: id, at: 0)
            #expect(!lesson.isAnswer && lesson.refusals.map(\.reason) == [reason] && lesson.delta.isEmpty)
        }
        #expect(names.entries.isEmpty)
        let answer = try Texts.answer("www.example.com", records)
        #expect(names.learn(answer, to: id, at: 0).isAnswer)
        // Once only.
        #expect(names.learn(answer, to: id, at: 0).refusals.map(\.reason) == ["unsolicited"])
        let late = try names.ask(answer.question, for: Texts.pod("a"), of: Texts.server)
        names.abandon(late)
        #expect(names.learn(answer, to: late, at: 0).isAnswer == false)
    }

    @Test("to a pod teach nothing about another's names")
    func others() throws {
        var names = try Self.names()
        _ = try names.mention(["db.example.com"], by: "b")
        #expect(try names.teach("b", "www.example.com", ["www.example.com 300 192.0.2.1"]).delta.isEmpty)
        #expect(try names.teach("a", "db.example.com", ["db.example.com 300 192.0.2.1"]).delta.isEmpty)
        #expect(try names.teach("stranger", "db.example.com", ["db.example.com 300 192.0.2.1"]).delta.isEmpty)
        #expect(names.entries.isEmpty)
    }
}
