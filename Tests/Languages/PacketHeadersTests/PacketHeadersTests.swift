import NetworkTypes
import PacketHeaders
import TestRandom
import Testing

@Suite("The beginning of a packet says whose it is")
struct PacketHeadersTests {
    struct Case: CustomTestStringConvertible, Sendable {
        let testDescription: String
        let bytes: [UInt8]
        let number: UInt8
        let length: Int
        let content: PacketHeaders.Content
    }

    private static let ports: [UInt8] = [0x9C, 0x40, 0x00, 0x50, 1, 2, 3, 4]
    private static let expected = PacketHeaders.Content.ports(source: 40000, destination: 80)

    static func v4(_ number: UInt8, _ rest: [UInt8], options: [UInt8] = [], fragment: UInt16 = 0) -> [UInt8] {
        [
            0x45 + UInt8(options.count / 4), 0, 5, 220, 0, 0, UInt8(fragment >> 8), UInt8(fragment & 255), 64, number,
            0, 0,
        ]
            + [10, 0, 0, 1, 10, 0, 0, 2] + options + rest
    }

    static func v6(_ number: UInt8, _ rest: [UInt8]) -> [UInt8] {
        [0x60, 0, 0, 0, 5, 220, number, 64] + [0xFD] + [UInt8](repeating: 0, count: 14) + [1]
            + [0xFD] + [UInt8](repeating: 0, count: 14) + [2] + rest
    }

    static let cases: [Case] = [
        Case(testDescription: "TCP", bytes: v4(6, ports), number: 6, length: 1500, content: expected),
        Case(
            testDescription: "UDP behind options", bytes: v4(17, ports, options: [1, 1, 1, 0]), number: 17,
            length: 1500,
            content: expected),
        Case(testDescription: "SCTP", bytes: v4(132, ports), number: 132, length: 1500, content: expected),
        Case(
            testDescription: "the first fragment has the ports", bytes: v4(17, ports, fragment: 0x2000), number: 17,
            length: 1500, content: expected),
        Case(
            testDescription: "a later fragment has none", bytes: v4(17, ports, fragment: 0x2010), number: 17,
            length: 1500, content: .none),
        Case(
            testDescription: "echo", bytes: v4(1, [8, 0, 0, 0, 0x12, 0x34, 0, 1]), number: 1, length: 1500,
            content: .icmp(type: 8, code: 0, id: 0x1234)),
        Case(
            testDescription: "unreachable has no id", bytes: v4(1, [3, 1, 0, 0, 0x12, 0x34, 0, 1]), number: 1,
            length: 1500, content: .icmp(type: 3, code: 1, id: 0)),
        Case(
            testDescription: "cut in the ports", bytes: v4(6, [0x9C, 0x40, 0]), number: 6, length: 1500, content: .none),
        Case(testDescription: "GRE", bytes: v4(47, ports), number: 47, length: 1500, content: .none),
        Case(testDescription: "TCP over IPv6", bytes: v6(6, ports), number: 6, length: 1540, content: expected),
        Case(
            testDescription: "behind hop by hop and destination options",
            bytes: v6(0, [60, 0, 0, 0, 0, 0, 0, 0] + [17, 1] + [UInt8](repeating: 0, count: 14) + ports), number: 17,
            length: 1540, content: expected),
        Case(
            testDescription: "behind an authentication header",
            bytes: v6(51, [6, 4] + [UInt8](repeating: 0, count: 22) + ports), number: 6, length: 1540, content: expected
        ),
        Case(
            testDescription: "a first IPv6 fragment", bytes: v6(44, [17, 0, 0, 1, 0, 0, 0, 9] + ports), number: 17,
            length: 1540, content: expected),
        Case(
            testDescription: "a later IPv6 fragment", bytes: v6(44, [17, 0, 0, 8, 0, 0, 0, 9] + ports), number: 17,
            length: 1540, content: .none),
        Case(
            testDescription: "echo over IPv6", bytes: v6(58, [128, 0, 0, 0, 0, 7, 0, 1]), number: 58, length: 1540,
            content: .icmp(type: 128, code: 0, id: 7)),
        Case(
            testDescription: "endless extension headers",
            bytes: v6(
                60,
                [UInt8](repeating: 0, count: 8).enumerated().map { $0.offset == 0 ? 60 : $0.element }
                    + (0..<20).flatMap { _ in [60, 0, 0, 0, 0, 0, 0, 0] as [UInt8] }),
            number: 60, length: 1540, content: .none),
    ]

    @Test("headers", arguments: cases)
    func headers(_ sample: Case) throws {
        let headers = try #require(PacketHeaders(sample.bytes))
        #expect(headers.ipProtocol == sample.number)
        #expect(headers.length == sample.length)
        #expect(headers.content == sample.content)
        #expect(
            "\(headers.source) \(headers.destination)".hasSuffix(headers.source.family == .v4 ? "10.0.0.2" : "fd00::2"))
    }

    @Test(
        "what is no packet is none",
        arguments: [[], [0x45], [0x75, 0, 0, 0], [0x41] + [UInt8](repeating: 0, count: 40)])
    func noPacket(_ bytes: [UInt8]) {
        #expect(PacketHeaders(bytes) == nil)
    }

    /// A packet cut anywhere says less, never something else.
    @Test("every cut of every sample is read without a fault", arguments: cases)
    func cuts(_ sample: Case) throws {
        let whole = try #require(PacketHeaders(sample.bytes))
        for count in 0...sample.bytes.count {
            guard let cut = PacketHeaders(Array(sample.bytes.prefix(count))) else { continue }
            #expect((cut.source, cut.destination, cut.length) == (whole.source, whole.destination, whole.length))
            if case .ports = cut.content { #expect(cut.content == whole.content) }
        }
    }

    @Test("noise is read without a fault", arguments: UInt64(1)...8)
    func noise(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        var read = 0
        for _ in 0..<20_000 {
            var bytes = (0..<random.below(128)).map { _ in UInt8(random.below(256)) }
            // Most look like packets, and like those with extension headers.
            if !bytes.isEmpty, !random.once(in: 8) { bytes[0] = random.pick([0x45, 0x4F, 0x60]) }
            if bytes.count > 6, random.once(in: 2) { bytes[6] = random.pick([0, 43, 44, 51, 60, 58, 6]) }
            for place in stride(from: 40, to: bytes.count - 1, by: 8) where random.once(in: 2) {
                bytes[place] = random.pick([0, 43, 44, 51, 60, 135])
                bytes[place + 1] = random.pick([0, 1, 255])
            }
            if PacketHeaders(bytes) != nil { read += 1 }
        }
        #expect(read > 1000)
    }
}
