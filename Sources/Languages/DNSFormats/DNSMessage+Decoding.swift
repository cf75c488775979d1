import NetworkTypes

extension DNSMessage {
    /// Reads a whole message; bytes after it are ignored.
    package init(decoding bytes: [UInt8]) throws(DNSFormatError) {
        var reader = DNSReader(bytes)
        let counts = try Self.head(&reader)
        self.init(header: counts.header, code: counts.code)
        questions = try Self.questions(counts.questions, &reader)
        answers = try records(counts.answers, &reader)
        authorities = try records(counts.authorities, &reader)
        additionals = try records(counts.additionals, &reader)
    }

    /// Reads the header and the questions alone: enough to know whose answer it is.
    package init(decodingQuestionOf bytes: [UInt8]) throws(DNSFormatError) {
        var reader = DNSReader(bytes)
        let counts = try Self.head(&reader)
        self.init(header: counts.header, code: counts.code)
        questions = try Self.questions(counts.questions, &reader)
    }

    private struct Head {
        var header: DNSHeader
        var code: DNSResponseCode
        var questions: UInt16
        var answers: UInt16
        var authorities: UInt16
        var additionals: UInt16
    }

    private static func head(_ reader: inout DNSReader) throws(DNSFormatError) -> Head {
        let (id, bits) = (try reader.word(), try reader.word())
        return Head(
            header: DNSHeader(id: id, bits: bits), code: DNSResponseCode(rawValue: bits & 0xF),
            questions: try reader.word(), answers: try reader.word(), authorities: try reader.word(),
            additionals: try reader.word())
    }

    // The counts are anybody's claim: nothing is kept ready for them.
    private static func questions(
        _ count: UInt16, _ reader: inout DNSReader
    ) throws(DNSFormatError) -> [DNSQuestion] {
        var questions: [DNSQuestion] = []
        for _ in 0..<count {
            questions.append(
                DNSQuestion(
                    try reader.name(), DNSRecordType(rawValue: try reader.word()), recordClass: try reader.word()))
        }
        return questions
    }

    private mutating func records(_ count: UInt16, _ reader: inout DNSReader) throws(DNSFormatError) -> [DNSRecord] {
        var records: [DNSRecord] = []
        for _ in 0..<count {
            let name = try reader.name()
            let type = DNSRecordType(rawValue: try reader.word())
            let (recordClass, timeToLive) = (try reader.word(), try reader.double())
            if type == .opt {
                try take(name, size: recordClass, bits: timeToLive, &reader)
            } else {
                let data = try DNSRecordData(type, &reader)
                records.append(DNSRecord(name, timeToLive: timeToLive, data, recordClass: recordClass))
            }
        }
        return records
    }

    /// The OPT record has other fields in the places of class and time to live.
    private mutating func take(
        _ name: DomainName, size: UInt16, bits: UInt32, _ reader: inout DNSReader
    ) throws(DNSFormatError) {
        guard name.isRoot, edns == nil else { throw .badExtension }
        let options = try reader.raw(Int(try reader.word()))
        edns = DNSExtension(
            datagramSize: size, version: UInt8(truncatingIfNeeded: bits >> 16), wantsSignatures: bits & 0x8000 != 0,
            options: options)
        code = DNSResponseCode(rawValue: UInt16(bits >> 24) << 4 | code.rawValue)
    }
}

extension DNSRecordData {
    /// Reads the length and the data of a type.
    fileprivate init(_ type: DNSRecordType, _ reader: inout DNSReader) throws(DNSFormatError) {
        let length = Int(try reader.word())
        let end = reader.place + length
        switch type {
        case .a, .aaaa:
            guard let address = IPAddress(bytes: try reader.raw(length)), (address.family == .v4) == (type == .a) else {
                throw .badData(type)
            }
            self = .address(address)
        case .ns: self = .nameServer(try reader.name())
        case .cname: self = .alias(try reader.name())
        case .ptr: self = .pointer(try reader.name())
        case .mx: self = .mailExchange(preference: try reader.word(), try reader.name())
        case .soa: self = .authority(try DNSAuthority(&reader))
        case .srv:
            self = .service(
                priority: try reader.word(), weight: try reader.word(), port: try reader.word(), try reader.name())
        default: self = .other(type, try reader.raw(length))
        }
        guard reader.place == end else { throw .badData(type) }
    }
}

extension DNSAuthority {
    fileprivate init(_ reader: inout DNSReader) throws(DNSFormatError) {
        self.init(
            server: try reader.name(), mailbox: try reader.name(), serial: try reader.double(),
            refresh: try reader.double(), retry: try reader.double(), expire: try reader.double(),
            minimum: try reader.double())
    }
}
