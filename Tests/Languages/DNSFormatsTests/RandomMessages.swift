import DNSFormats
import NetworkTypes
import TestRandom

/// Messages of every shape that can be written.
struct RandomMessages {
    var generator: SeededGenerator

    init(seed: Int) { generator = SeededGenerator(seed: seed) }

    private mutating func word() -> UInt16 { UInt16(truncatingIfNeeded: generator.next()) }

    mutating func bytes(upTo count: Int) -> [UInt8] {
        (0..<generator.below(count + 1)).map { _ in UInt8(truncatingIfNeeded: generator.next()) }
    }

    /// Few labels, so that names share their ends and their beginnings.
    mutating func name() -> DomainName {
        var name = DomainName.root
        for _ in 0..<generator.below(6) {
            let label = generator.pick(["a", "b", "web", "Web", "cluster", "_tcp", "x.y", "\u{0}"])
            name = name.prepending(label) ?? name
        }
        return name
    }

    mutating func record() -> DNSRecord {
        let data: DNSRecordData =
            switch generator.below(9) {
            case 0: .address(IPAddress(v4: UInt32(truncatingIfNeeded: generator.next())))
            case 1: .address(IPAddress(family: .v6, bits: UInt128(generator.next()) << 64 | 1))
            case 2: .nameServer(name())
            case 3: .alias(name())
            case 4: .pointer(name())
            case 5: .mailExchange(preference: word(), name())
            case 6: .authority(DNSAuthority(server: name(), mailbox: name(), serial: 7, minimum: 5))
            case 7: .service(priority: word(), weight: word(), port: word(), name())
            default: .other(generator.pick([.txt, DNSRecordType(rawValue: 65)]), bytes(upTo: 300))
            }
        return DNSRecord(name(), timeToLive: UInt32(word()), data, recordClass: generator.pick([1, 1, 3]))
    }

    mutating func message() -> DNSMessage {
        var header = DNSHeader(id: word())
        header.operation = UInt8(generator.below(16))
        let flags: [WritableKeyPath<DNSHeader, Bool>] = [
            \.isResponse, \.isAuthoritative, \.isTruncated, \.recursionDesired, \.recursionAvailable, \.isAuthenticated,
            \.checkingDisabled,
        ]
        for flag in flags { header[keyPath: flag] = generator.once(in: 2) }
        var message = DNSMessage(header: header, code: DNSResponseCode(rawValue: UInt16(generator.below(16))))
        for _ in 0..<generator.below(3) { message.questions.append(DNSQuestion(name(), .a, recordClass: word())) }
        for _ in 0..<generator.below(6) { message.answers.append(record()) }
        for _ in 0..<generator.below(3) { message.authorities.append(record()) }
        for _ in 0..<generator.below(3) { message.additionals.append(record()) }
        if generator.once(in: 2) {
            message.edns = DNSExtension(
                datagramSize: word(), version: UInt8(generator.below(256)), wantsSignatures: generator.once(in: 2),
                options: bytes(upTo: 20))
            message.code = DNSResponseCode(rawValue: word())
        }
        return message
    }
}
