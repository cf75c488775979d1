import DNSFormats
import Logging
import NetworkTypes

/// What becomes of a message: an answer at once, or after others have been asked.
struct QueryResponder: Sendable {
    enum Transport: Sendable {
        case datagram, stream
    }

    enum Outcome: Sendable {
        case reply([UInt8])
        /// `finish` has the answer.
        case pending(PendingQuery)
        /// It is no question: an answer to it might be answered in turn.
        case ignored
    }

    /// What goes through every network unharmed (the DNS Flag Day of 2020).
    static let datagramSize: UInt16 = 1232

    let zone: ZoneAnswers
    let forwarder: Forwarder
    let clients: [CIDR]
    let counters: DNSCounters

    func outcome(of bytes: [UInt8], from client: IPAddress, over transport: Transport) -> Outcome {
        guard bytes.count >= 12, bytes[2] & 0x80 == 0 else { return .ignored }
        counters.count(transport == .datagram ? .datagrams : .streams)
        guard let query = try? DNSMessage(decoding: bytes) else { return unreadable(bytes) }
        var answer = Self.blank(for: query, isRecursive: forwarder.isPossible)
        let limit = Self.limit(query, transport)
        if let code = refusal(of: query, from: client) {
            answer.code = code
            return reply(answer, limit)
        }
        let question = query.questions[0]
        switch zone.reply(to: question, answer) {
        case .answer(let message): return reply(message, limit)
        case .foreign:
            guard forwarder.isPossible, query.header.recursionDesired else {
                return reply(ZoneAnswers.failure(answer, .refused), limit)
            }
        case .partial(let message, let rest):
            guard forwarder.isPossible, query.header.recursionDesired else { return reply(message, limit) }
            let pending = PendingQuery(
                query: query, answer: answer, client: client, transport: transport, limit: limit, partial: message,
                question: rest)
            return admit(pending)
        }
        return admit(
            PendingQuery(
                query: query, answer: answer, client: client, transport: transport, limit: limit, partial: nil,
                question: question))
    }

    private func admit(_ pending: PendingQuery) -> Outcome {
        if forwarder.admit(pending.question, for: pending.client) { return .pending(pending) }
        return reply(ZoneAnswers.failure(pending.answer), pending.limit)
    }

    /// The answer to a question that others know.
    func finish(_ pending: PendingQuery) async -> [UInt8] {
        defer { forwarder.leave(pending.question, for: pending.client) }
        if let partial = pending.partial { return encoded(await completed(partial, pending), pending.limit) }
        guard
            var bytes = await forwarder.relay(
                pending.query, mayStream: pending.transport == .stream, limit: pending.limit)
        else { return encoded(ZoneAnswers.failure(pending.answer), pending.limit) }
        counters.count(DNSResponseCode(rawValue: UInt16(bytes[3] & 0xF)))
        if bytes.count > pending.limit {
            // Whoever sends more than was asked for has not cut it off himself.
            var short = pending.answer
            short.header.isTruncated = true
            bytes = short.encoded(limit: pending.limit)
        }
        return bytes
    }

    /// An alias with what its name stands for; half of that would be taken for "nothing".
    private func completed(_ partial: DNSMessage, _ pending: PendingQuery) async -> DNSMessage {
        guard let rest = await forwarder.resolve(pending.question) else { return ZoneAnswers.failure(pending.answer) }
        var message = partial
        message.header.isAuthoritative = false
        message.code = DNSResponseCode(rawValue: rest.code.rawValue & 0xF)
        message.answers += rest.answers
        message.authorities = rest.authorities
        return message
    }

    /// Why a question is not answered; nil if it is.
    private func refusal(of query: DNSMessage, from client: IPAddress) -> DNSResponseCode? {
        guard clients.contains(where: { $0.contains(client) }) else {
            counters.count(.strangers)
            return .refused
        }
        if query.header.operation != 0 { return .notImplemented }
        if let edns = query.edns, edns.version > 0 { return .badVersion }
        guard query.questions.count == 1, query.questions[0].type != .opt else { return .formatError }
        let isInternet = [DNSQuestion.internet, DNSQuestion.anyClass].contains(query.questions[0].recordClass)
        return isInternet && ![.axfr, .ixfr].contains(query.questions[0].type) ? nil : .refused
    }

    private func unreadable(_ bytes: [UInt8]) -> Outcome {
        var header = DNSHeader(id: UInt16(bytes[0]) << 8 | UInt16(bytes[1]))
        header.isResponse = true
        return reply(DNSMessage(header: header, code: .formatError), DNSMessage.shortestDatagram)
    }

    private func reply(_ message: DNSMessage, _ limit: Int) -> Outcome { .reply(encoded(message, limit)) }

    private func encoded(_ message: DNSMessage, _ limit: Int) -> [UInt8] {
        counters.count(message.code)
        return message.encoded(limit: limit)
    }

    private static func blank(for query: DNSMessage, isRecursive: Bool) -> DNSMessage {
        var header = DNSHeader(id: query.header.id)
        header.isResponse = true
        header.operation = query.header.operation
        header.recursionDesired = query.header.recursionDesired
        header.recursionAvailable = isRecursive
        header.checkingDisabled = query.header.checkingDisabled
        // One question is told back; what has more is refused, and might not fit.
        return DNSMessage(
            header: header, questions: Array(query.questions.prefix(1)),
            edns: query.edns.map { _ in DNSExtension(datagramSize: datagramSize) })
    }

    private static func limit(_ query: DNSMessage, _ transport: Transport) -> Int {
        guard transport == .datagram else { return DNSMessage.longest }
        let wanted = Int(query.edns?.datagramSize ?? 0)
        return min(max(wanted, DNSMessage.shortestDatagram), Int(datagramSize))
    }
}

/// A question that others are asked.
struct PendingQuery: Sendable {
    let query: DNSMessage
    /// The answer without anything in it.
    let answer: DNSMessage
    let client: IPAddress
    let transport: QueryResponder.Transport
    let limit: Int
    /// What the zone knows of the answer; nil: nothing.
    let partial: DNSMessage?
    /// What the others are asked.
    let question: DNSQuestion
}
