import DNSFormats
import NetworkTypes
import Testing

@Suite("Messages on the wire")
struct DNSMessageTests {
    private static func name(_ text: String) -> DomainName { DomainName(text) ?? .root }

    /// As dig sends it.
    private static let query: [UInt8] =
        [0x12, 0x34, 0x01, 0x20, 0, 1, 0, 0, 0, 0, 0, 1] + [3] + Array("web".utf8) + [4] + Array("shop".utf8) + [0]
        + [0, 28, 0, 1] + [0, 0, 41, 0x10, 0x00, 0, 0, 0x80, 0, 0, 0]

    @Test("a question is read as RFC 1035 and RFC 6891 write it")
    func question() throws {
        let message = try DNSMessage(decoding: Self.query)
        #expect(message.header.id == 0x1234 && message.header.recursionDesired && message.header.isAuthenticated)
        #expect(!message.header.isResponse && message.header.operation == 0)
        #expect(message.questions == [DNSQuestion(Self.name("web.shop"), .aaaa)])
        #expect(message.edns == DNSExtension(datagramSize: 4096, wantsSignatures: true))
        #expect(message.encoded() == Self.query)
        #expect(try DNSMessage(decodingQuestionOf: Self.query).questions == message.questions)
    }

    @Test("names that were written before are pointed to, but not by the target of SRV")
    func compression() throws {
        var message = DNSMessage(header: DNSHeader(id: 1), questions: [DNSQuestion(Self.name("a.b.c"), .srv)])
        message.answers = [
            DNSRecord(Self.name("a.b.c"), timeToLive: 5, .alias(Self.name("x.b.c"))),
            DNSRecord(Self.name("x.b.c"), timeToLive: 5, .service(priority: 0, weight: 1, port: 2, Self.name("a.b.c"))),
        ]
        let bytes = message.encoded()
        let first: [UInt8] = [0xC0, 12, 0, 5, 0, 1, 0, 0, 0, 5, 0, 4, 1, 120, 0xC0, 14]
        let second: [UInt8] =
            [0xC0, 35, 0, 33, 0, 1, 0, 0, 0, 5, 0, 13, 0, 0, 0, 1, 0, 2] + [1, 97, 1, 98, 1, 99, 0]
        #expect(Array(bytes[23...]) == first + second)
        #expect(try DNSMessage(decoding: bytes).answers == message.answers)
    }

    @Test("a name is written with its own letters, also behind one with others")
    func letters() throws {
        var message = DNSMessage(questions: [DNSQuestion(Self.name("Web.Shop"), .a)])
        message.answers = [DNSRecord(Self.name("web.shop"), timeToLive: 5, .pointer(Self.name("WEB.Shop")))]
        let read = try DNSMessage(decoding: message.encoded())
        #expect(read.questions[0].name.description == "Web.Shop.")
        #expect(read.answers[0].name.description == "web.shop.")
        #expect(read.answers[0].data == .pointer(Self.name("WEB.Shop")))
    }

    private static let faults: [(bytes: [UInt8], error: DNSFormatError)] = [
        ([], .ended), (Array(query.prefix(11)), .ended), (Array(query.dropLast()), .ended),
        // The question's name: points to itself, forward, into nothing; has an unknown kind of label.
        (head(questions: 1) + [0xC0, 12, 0, 1, 0, 1], .badName),
        (head(questions: 1) + [0xC0, 20, 0, 1, 0, 1], .badName),
        (head(questions: 1) + [0xC0], .ended), (head(questions: 1) + [0x40, 1, 0, 0, 1, 0, 1], .badName),
        // A label before a pointer to that label: a loop.
        (head(questions: 1) + [1, 97, 0xC0, 12, 0, 1, 0, 1], .badName),
        (head(questions: 1) + Array(repeating: [UInt8](repeating: 1, count: 2), count: 128).joined() + [0], .badName),
        // More records than there are.
        (head(answers: 0xFFFF), .ended),
        (head(answers: 1) + [0, 0, 1, 0, 1, 0, 0, 0, 0, 0, 3, 1, 2, 3], .badData(.a)),
        (head(answers: 1) + [0, 0, 28, 0, 1, 0, 0, 0, 0, 0, 4, 1, 2, 3, 4], .badData(.aaaa)),
        (head(answers: 1) + [0, 0, 5, 0, 1, 0, 0, 0, 0, 0, 2, 0, 0], .badData(.cname)),
        (head(answers: 1) + [0, 0, 33, 0, 1, 0, 0, 0, 0, 0, 3, 0, 0, 0, 0, 0, 0, 0], .badData(.srv)),
        (head(answers: 1) + [0, 0, 16, 0, 1, 0, 0, 0, 0, 0, 9, 1, 2, 3], .ended),
        (head(answers: 2) + [0, 0, 41, 2, 0, 0, 0, 0, 0, 0, 0] + [0, 0, 41, 2, 0, 0, 0, 0, 0, 0, 0], .badExtension),
        (head(answers: 1) + [1, 97, 0, 0, 41, 2, 0, 0, 0, 0, 0, 0, 0], .badExtension),
    ]

    private static func head(questions: UInt8 = 0, answers: UInt16 = 0) -> [UInt8] {
        [0, 1, 0, 0, 0, questions, UInt8(answers >> 8), UInt8(answers & 255), 0, 0, 0, 0]
    }

    @Test("what is no message is refused with the reason", arguments: faults)
    func refused(bytes: [UInt8], error: DNSFormatError) {
        #expect(throws: error) { try DNSMessage(decoding: bytes) }
    }

    @Test("what does not fit is left out and told", arguments: [512, 600, 1232])
    func truncation(limit: Int) throws {
        let name = Self.name("web.shop.svc.cluster.local")
        var message = DNSMessage(
            header: DNSHeader(id: 9), questions: [DNSQuestion(name, .a)], edns: DNSExtension(datagramSize: 1232))
        message.answers = (0..<200).map { DNSRecord(name, timeToLive: 5, .address(IPAddress(v4: 0x0A00_0000 + $0))) }
        let bytes = message.encoded(limit: limit)
        let read = try DNSMessage(decoding: bytes)
        #expect(bytes.count <= limit && bytes.count > limit - 16)
        #expect(read.header.isTruncated && read.edns == message.edns)
        #expect(read.answers == Array(message.answers.prefix(read.answers.count)) && !read.answers.isEmpty)
        #expect(try !DNSMessage(decoding: message.encoded()).header.isTruncated)
    }

    @Test("additional records that do not fit go without a word")
    func additionals() throws {
        let name = Self.name("web")
        var message = DNSMessage(questions: [DNSQuestion(name, .srv)])
        message.answers = [DNSRecord(name, timeToLive: 5, .service(priority: 0, weight: 0, port: 1, name))]
        message.additionals = (0..<99).map { DNSRecord(name, timeToLive: 5, .address(IPAddress(v4: $0))) }
        let read = try DNSMessage(decoding: message.encoded(limit: 512))
        #expect(!read.header.isTruncated && read.answers == message.answers)
        #expect((1..<99).contains(read.additionals.count))
    }
}
