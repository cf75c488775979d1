import PacketHeaders

/// The connections by which pods get answers.
struct AnswerStreams: Sendable {
    struct Key: Hashable, Sendable {
        let client: NameEnd
        let server: NameEnd
    }

    /// How many are followed, and for how many seconds of silence.
    private let limit: Int
    private let patience: UInt64
    private var streams: [Key: AnswerStream] = [:]

    init(limit: Int = 1024, patience: UInt64 = 120) {
        self.limit = limit
        self.patience = patience
    }

    var count: Int { streams.count }

    /// Nil for a connection beyond the limit: nobody follows it.
    mutating func take(_ segment: TCPSegment, _ key: Key, at now: UInt64) -> AnswerStream.Step? {
        if segment.flags.contains(.reset) {
            streams[key] = nil
            return .pass([])
        }
        if streams[key] == nil, streams.count >= limit {
            end(before: now)
            guard streams.count < limit else { return nil }
        }
        return streams[key, default: AnswerStream(at: now)].take(segment, at: now)
    }

    /// Forgets those that have been silent too long.
    mutating func end(before now: UInt64) {
        streams = streams.filter { $0.value.lastUse + patience > now }
    }
}
