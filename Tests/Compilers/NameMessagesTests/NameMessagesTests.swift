import ClusterAPI
import DNSFormats
import EgressNames
import NameMessages
import NetworkTypes
import TestRandom
import Testing

@Suite("Names in messages")
struct NameMessagesTests {
    private static let pod = ObjectKey(namespace: "shop", name: "a")
    private static let server = IPAddress(v4: 0xC000_0235)

    private static func name(_ text: String) -> DomainName { DomainName(text) ?? .root }

    private static func query(_ type: DNSRecordType = .a, id: UInt16 = 7) -> DNSMessage {
        var message = DNSMessage(header: DNSHeader(id: id), questions: [DNSQuestion(name("www.example.com"), type)])
        message.header.recursionDesired = true
        return message
    }

    private static func answer(_ change: (inout DNSMessage) -> Void = { _ in }) -> DNSMessage {
        var message = query()
        message.header.isResponse = true
        message.edns = DNSExtension(datagramSize: 1232, wantsSignatures: true)
        let signature = DNSRecordData.other(DNSRecordType(rawValue: 46), [1, 2, 3])
        message.answers = [
            DNSRecord(name("www.example.com"), timeToLive: 300, .alias(name("e.cdn.example"))),
            DNSRecord(name("www.example.com"), timeToLive: 300, signature),
            DNSRecord(name("e.cdn.example"), timeToLive: 90, .address(IPAddress(v4: 0xC000_0201))),
        ]
        message.authorities = [DNSRecord(name("example.com"), timeToLive: 9, .nameServer(name("ns.example.com")))]
        // What stands beside the answer is not believed, and not reported: it is there by custom.
        message.additionals = [
            DNSRecord(name("www.example.com"), timeToLive: 9, .address(IPAddress(v4: 0xC633_6442)))
        ]
        change(&message)
        return message
    }

    private static func learn(_ bytes: [UInt8]) throws -> (names: LearnedNames, lesson: NameLesson?) {
        var names = LearnedNames()
        _ = names.mention([NameSelector(NamePattern(name("www.example.com")))], by: pod)
        let question = try #require(NameQuestion(query()))
        let put = PutQuestion(try names.ask(question, for: pod, of: server), as: query())
        let lesson = names.learn(from: bytes, of: server, to: put, at: 0)
        return (names, lesson)
    }

    @Test("questions for addresses are of interest, and no others")
    func questions() {
        #expect(NameQuestion(Self.query()) == NameQuestion(Self.name("www.example.com"), .v4))
        #expect(NameQuestion(Self.query(.aaaa)) == NameQuestion(Self.name("www.example.com"), .v6))
        for type in [DNSRecordType.cname, .any, .txt, .srv, .ptr] { #expect(NameQuestion(Self.query(type)) == nil) }
        let changes: [(inout DNSMessage) -> Void] = [
            { $0.questions = [] }, { $0.questions += $0.questions }, { $0.header.operation = 5 },
            { $0.questions[0].recordClass = 3 },
        ]
        for change in changes {
            var query = Self.query()
            change(&query)
            #expect(NameQuestion(query) == nil)
        }
    }

    static let cases: [(what: String, change: @Sendable (inout DNSMessage) -> Void, told: String)] = [
        ("as it should be", { _ in }, "1"),
        ("in other letters", { $0.questions[0].name = name("WWW.example.COM") }, "1"),
        ("truncated", { $0.header.isTruncated = true }, "1"),
        ("NXDOMAIN", { $0.code = .noSuchName }, "0"), ("SERVFAIL", { $0.code = .serverFailure }, "0"),
        ("mute SERVFAIL", { ($0.code, $0.questions) = (.serverFailure, []) }, "0"),
        ("mute NOERROR", { $0.questions = [] }, "no answer"),
        ("a question", { $0.header.isResponse = false }, "no answer"),
        ("another number", { $0.header.id = 8 }, "no answer"),
        ("another name", { $0.questions[0].name = name("example.com") }, "other_question"),
        ("another type", { $0.questions[0].type = .aaaa }, "other_question"),
        ("no address's type", { $0.questions[0].type = .txt }, "no answer"),
        (
            "another class of records",
            { message in
                for place in message.answers.indices { message.answers[place].recordClass = 3 }
            }, "0"
        ),
        (
            "a stray record", { $0.answers.append(DNSRecord(name("x.example"), timeToLive: 9, .address(server))) },
            "1 stray_record"
        ),
    ]

    @Test("answers teach what they say, and only if they are answers", arguments: cases)
    func answers(what: String, change: @Sendable (inout DNSMessage) -> Void, told: String) throws {
        let (names, lesson) = try Self.learn(Self.answer(change).encoded())
        let read: String
        if let lesson, lesson.isAnswer {
            read = (["\(names.entries.count)"] + lesson.refusals.map(\.reason)).joined(separator: " ")
        } else {
            #expect(names.entries.isEmpty)
            read = lesson?.refusals.first?.reason ?? "no answer"
        }
        #expect(read == told, "\(what)")
    }

    @Test("damaged answers teach nothing that a whole one does not, and never crash", arguments: 0..<40)
    func damaged(seed: Int) throws {
        var generator = SeededGenerator(seed: seed)
        let whole = Self.answer().encoded()
        for _ in 0..<50 {
            // The number and the bits are as they should be: what follows is somebody's.
            let bytes = Array(whole.prefix(12 + generator.below(whole.count - 12)))
            let (names, lesson) = try Self.learn(bytes)
            #expect(names.entries.isEmpty || lesson?.refusals.isEmpty == true)
            var bent = whole
            for _ in 0..<3 { bent[generator.below(bent.count)] = UInt8(generator.below(256)) }
            let (after, _) = try Self.learn(bent)
            if after.entries.isEmpty { continue }
            let read = try DNSMessage(decoding: bent)
            #expect(read.header.isResponse && read.header.id == 7 && read.code == .noError)
            #expect(read.questions == Self.query().questions)
        }
        let (names, lesson) = try Self.learn(Array(whole.dropLast(Self.tail)))
        #expect(names.entries.isEmpty && lesson?.refusals.map(\.reason) == ["unreadable"] && lesson?.isAnswer == true)
    }

    /// Enough to reach into the answers.
    private static let tail = 80
}
