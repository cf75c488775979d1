import DNSFormats
import PacketHeaders

/// What a server says on one TCP connection, segment by segment, as far as it is needed to find where messages end.
///
/// A segment that repeats goes on; one that leaves a gap does not: the server sends it again, and the messages stay in order.
struct AnswerStream: Sendable {
    enum Step: Hashable, Sendable {
        /// Goes on, after what these messages teach: they end in this segment.
        case pass([[UInt8]])
        case gap
    }

    /// A message has at most so many bytes, after two for its length.
    private static let longestMessage = 65_535

    /// The number of the next byte; nil for a connection that was there before us, until a segment is found that begins a message.
    private var next: UInt32?
    private var buffer: [UInt8] = []
    private(set) var lastUse: UInt64

    init(at now: UInt64) { lastUse = now }

    /// Whether it is known where messages begin.
    var isFollowed: Bool { next != nil }

    mutating func take(_ segment: TCPSegment, at now: UInt64) -> Step {
        lastUse = now
        if segment.flags.contains(.syn) {
            next = segment.sequence &+ 1
            buffer = []
            return .pass([])
        }
        guard !segment.data.isEmpty else { return .pass([]) }
        if next == nil, Self.beginsMessage(segment.data) { next = segment.sequence }
        guard let expected = next else { return .pass([]) }
        let ahead = Int32(bitPattern: segment.sequence &- expected)
        guard ahead <= 0 else { return .gap }
        let known = Int(-Int64(ahead))
        guard known < segment.data.count else { return .pass([]) }
        let fresh = segment.data.dropFirst(known)
        buffer += fresh
        next = expected &+ UInt32(fresh.count)
        return .pass(messages())
    }

    private mutating func messages() -> [[UInt8]] {
        var found: [[UInt8]] = []
        var start = 0
        while buffer.count - start >= 2 {
            let length = Int(buffer[start]) << 8 | Int(buffer[start + 1])
            guard buffer.count - start - 2 >= length else { break }
            found.append(Array(buffer[start + 2..<start + 2 + length]))
            start += 2 + length
        }
        buffer.removeFirst(start)
        return found
    }

    /// A guess, right for servers that write each answer at once: a length, and an answer of that length.
    private static func beginsMessage(_ data: ArraySlice<UInt8>) -> Bool {
        guard data.count > 14, let high = data.first, let low = data.dropFirst().first,
            Int(high) << 8 | Int(low) == data.count - 2
        else { return false }
        let head = try? DNSMessage(decodingQuestionOf: Array(data.dropFirst(2)))
        return head?.header.isResponse == true
    }
}
