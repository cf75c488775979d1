import NetworkTypes

extension DNSMessage {
    /// The longest message there is, as TCP carries it.
    package static let longest = 65_535
    /// What every client takes in a datagram.
    package static let shortestDatagram = 512

    /// The message in at most `limit` bytes: records that do not fit are left out.
    ///
    /// Answers and authorities are marked as cut off then, additional records go silently. `limit` must hold the header,
    /// the questions and the OPT record, as 512 does for one question.
    package func encoded(limit: Int = Self.longest) -> [UInt8] {
        var writer = DNSWriter()
        writer.word(header.id)
        writer.word(header.bits | code.rawValue & 0xF)
        for _ in 0..<4 { writer.word(0) }
        for question in questions {
            writer.name(question.name)
            writer.word(question.type.rawValue)
            writer.word(question.recordClass)
        }
        writer.set(UInt16(questions.count), at: 4)
        let space = limit - (edns.map { 11 + $0.options.count } ?? 0)
        var isWhole = true
        for (place, section) in [(6, answers), (8, authorities), (10, additionals)] {
            // What comes after a gap is worth nothing.
            let count = isWhole ? Self.write(section, within: space, &writer) : 0
            writer.set(UInt16(count), at: place)
            if count < section.count, place < 10 { isWhole = false }
        }
        if !isWhole { writer.set(header.bits | 0x0200 | code.rawValue & 0xF, at: 2) }
        writeExtension(&writer)
        return writer.bytes
    }

    /// Returns how many of the records fit.
    private static func write(_ records: [DNSRecord], within space: Int, _ writer: inout DNSWriter) -> Int {
        for (index, record) in records.prefix(Int(UInt16.max)).enumerated() {
            let start = writer.bytes.count
            record.write(&writer)
            if writer.bytes.count > space {
                writer.cut(to: start)
                return index
            }
        }
        return min(records.count, Int(UInt16.max))
    }

    private func writeExtension(_ writer: inout DNSWriter) {
        guard let edns else { return }
        // Counted with the additional records.
        let count = UInt16(writer.bytes[10]) << 8 | UInt16(writer.bytes[11])
        writer.set(count + 1, at: 10)
        writer.raw([0])
        writer.word(DNSRecordType.opt.rawValue)
        writer.word(edns.datagramSize)
        writer.double(
            UInt32(code.rawValue >> 4) << 24 | UInt32(edns.version) << 16 | (edns.wantsSignatures ? 0x8000 : 0))
        writer.word(UInt16(truncatingIfNeeded: edns.options.count))
        writer.raw(edns.options)
    }
}

extension DNSRecord {
    fileprivate func write(_ writer: inout DNSWriter) {
        writer.name(name)
        writer.word(data.type.rawValue)
        writer.word(recordClass)
        writer.double(timeToLive)
        let place = writer.bytes.count
        writer.word(0)
        data.write(&writer)
        writer.set(UInt16(truncatingIfNeeded: writer.bytes.count - place - 2), at: place)
    }
}

extension DNSRecordData {
    fileprivate func write(_ writer: inout DNSWriter) {
        switch self {
        case .address(let address): writer.raw(address.bytes)
        case .nameServer(let name), .alias(let name), .pointer(let name): writer.name(name)
        case .mailExchange(let preference, let name):
            writer.word(preference)
            writer.name(name)
        case .authority(let authority):
            writer.name(authority.server)
            writer.name(authority.mailbox)
            for number in [
                authority.serial, authority.refresh, authority.retry, authority.expire, authority.minimum,
            ] { writer.double(number) }
        case .service(let priority, let weight, let port, let target):
            for number in [priority, weight, port] { writer.word(number) }
            // RFC 2782.
            writer.name(target, isCompressed: false)
        case .other(_, let bytes): writer.raw(bytes)
        }
    }
}
