import DNSFormats
import Logging
import NetworkTypes

/// Asks others for names that the cluster does not have.
struct Forwarder: Sendable {
    private let pool: UpstreamPool
    private let questions: ForwardedQuestions
    private let limits: ClusterDNSConfiguration.Limits
    private let counters: DNSCounters
    private let logger: Logger

    init(_ configuration: ClusterDNSConfiguration, counters: DNSCounters, logger: Logger) {
        pool = UpstreamPool(configuration.upstreams)
        limits = configuration.limits
        questions = ForwardedQuestions(limits, upstreams: Set(configuration.upstreams.map(\.address)))
        self.counters = counters
        self.logger = logger
    }

    /// False if there is nobody to ask.
    var isPossible: Bool { !pool.places.isEmpty }

    /// Whether others may be asked now; if so, `leave` follows.
    func admit(_ question: DNSQuestion, for client: IPAddress) -> Bool {
        switch questions.admit(question, for: client) {
        case .granted:
            counters.count(.forwarded)
            return true
        case .overLimit: counters.count(.overLimit)
        case .loop:
            counters.count(.loops)
            if counters.value(.loops) == 1 {
                logger.error(
                    "an upstream asks here what it is asked: name others with --upstream",
                    metadata: ["upstream": "\(client)", "question": "\(question)"])
            }
        }
        return false
    }

    func leave(_ question: DNSQuestion, for client: IPAddress) { questions.leave(question, for: client) }

    /// The answer to a client's question as it came, with the client's number; nil if nobody answers.
    ///
    /// - Parameters:
    ///   - mayStream: what is cut off is asked again by TCP; otherwise the client does so.
    ///   - limit: the longest datagram that the client takes.
    func relay(_ query: DNSMessage, mayStream: Bool, limit: Int) async -> [UInt8]? {
        var own = DNSMessage(questions: query.questions)
        own.header.recursionDesired = true
        own.header.isAuthenticated = query.header.isAuthenticated
        own.header.checkingDisabled = query.header.checkingDisabled
        // What EDNS says is between neighbours: of the client's, only its size and its wish go on.
        own.edns = query.edns.map { edns in
            let size = UInt16(min(limit, Int(QueryResponder.datagramSize)))
            return DNSExtension(datagramSize: size, wantsSignatures: edns.wantsSignatures)
        }
        guard var bytes = await ask(own, mayStream: mayStream) else { return nil }
        bytes[0] = UInt8(query.header.id >> 8)
        bytes[1] = UInt8(query.header.id & 0xFF)
        return bytes
    }

    /// The answer to a question of our own, whole; nil if nobody has one.
    func resolve(_ question: DNSQuestion) async -> DNSMessage? {
        var own = DNSMessage(questions: [question])
        own.header.recursionDesired = true
        own.edns = DNSExtension(datagramSize: QueryResponder.datagramSize)
        guard let bytes = await ask(own, mayStream: true), let message = try? DNSMessage(decoding: bytes),
            [.noError, .noSuchName].contains(message.code), !message.header.isTruncated
        else { return nil }
        return message
    }

    private func ask(_ query: DNSMessage, mayStream: Bool) async -> [UInt8]? {
        let end = ContinuousClock.now + limits.totalPatience
        var excuse: [UInt8]?
        for place in pool.order {
            let patience = min(limits.upstreamPatience, end - ContinuousClock.now)
            guard patience > .zero, !Task.isCancelled else { break }
            do {
                let bytes = try await ask(place, query, mayStream: mayStream, within: patience)
                if pool.worked(place) { logger.info("an upstream answers again", metadata: ["upstream": "\(place)"]) }
                let code = DNSResponseCode(rawValue: UInt16(bytes[3] & 0xF))
                if ![.serverFailure, .refused, .notImplemented].contains(code) { return bytes }
                // Somebody else may know.
                excuse = bytes
            } catch {
                if pool.failed(place) {
                    logger.warning(
                        "an upstream does not answer", metadata: ["upstream": "\(place)", "error": "\(error)"])
                }
            }
        }
        if excuse == nil { counters.count(.unanswered) }
        return excuse
    }

    private func ask(
        _ place: DNSPlace, _ query: DNSMessage, mayStream: Bool, within patience: Duration
    ) async throws -> [UInt8] {
        var query = query
        query.header.id = .random(in: .min ... .max)
        let exchange = UpstreamExchange(place: place, query: query, counters: counters)
        let bytes = try await exchange.datagram(within: patience)
        guard mayStream, bytes[2] & 0x02 != 0 else { return bytes }
        return try await exchange.stream(within: patience)
    }
}
