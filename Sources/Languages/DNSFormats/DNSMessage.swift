/// A message of the domain name system: a question, or its answer (RFC 1035).
package struct DNSMessage: Hashable, Sendable {
    package var header: DNSHeader
    package var code: DNSResponseCode
    package var questions: [DNSQuestion]
    package var answers: [DNSRecord] = []
    package var authorities: [DNSRecord] = []
    package var additionals: [DNSRecord] = []
    package var edns: DNSExtension?

    package init(
        header: DNSHeader = DNSHeader(), code: DNSResponseCode = .noError, questions: [DNSQuestion] = [],
        edns: DNSExtension? = nil
    ) {
        self.header = header
        self.code = code
        self.questions = questions
        self.edns = edns
    }
}

/// A message's number and its bits.
package struct DNSHeader: Hashable, Sendable {
    package var id: UInt16 = 0
    package var isResponse = false
    /// 0 is a standard query.
    package var operation: UInt8 = 0
    package var isAuthoritative = false
    package var isTruncated = false
    package var recursionDesired = false
    package var recursionAvailable = false
    package var isAuthenticated = false
    package var checkingDisabled = false

    package init(id: UInt16 = 0) { self.id = id }

    init(id: UInt16, bits: UInt16) {
        self.id = id
        isResponse = bits & 0x8000 != 0
        operation = UInt8(bits >> 11 & 0xF)
        isAuthoritative = bits & 0x0400 != 0
        isTruncated = bits & 0x0200 != 0
        recursionDesired = bits & 0x0100 != 0
        recursionAvailable = bits & 0x0080 != 0
        isAuthenticated = bits & 0x0020 != 0
        checkingDisabled = bits & 0x0010 != 0
    }

    /// Without the response code.
    var bits: UInt16 {
        let flags: [(Bool, UInt16)] = [
            (isResponse, 0x8000), (isAuthoritative, 0x0400), (isTruncated, 0x0200), (recursionDesired, 0x0100),
            (recursionAvailable, 0x0080), (isAuthenticated, 0x0020), (checkingDisabled, 0x0010),
        ]
        return flags.reduce(UInt16(operation & 0xF) << 11) { $1.0 ? $0 | $1.1 : $0 }
    }
}
