import NIOCore

/// Cuts a stream of byte chunks into lines; a chunk may end anywhere.
struct LineSplitter {
    struct LineTooLong: Error, CustomStringConvertible {
        let limit: Int
        var description: String { "a line of more than \(limit) bytes" }
    }

    private var buffer = ByteBuffer()
    /// How much of the buffer is known to hold no line feed.
    private var searched = 0
    private let limit: Int

    init(limit: Int = 64 << 20) { self.limit = limit }

    mutating func append(_ chunk: ByteBuffer) {
        var chunk = chunk
        if buffer.readableBytes == 0 {
            buffer = chunk
            searched = 0
        } else {
            buffer.writeBuffer(&chunk)
        }
    }

    /// The next complete line without its line feed; nil until more bytes come.
    mutating func next() throws -> ByteBuffer? {
        let bytes = buffer.readableBytesView
        guard let end = bytes[(bytes.startIndex + searched)...].firstIndex(of: UInt8(ascii: "\n")) else {
            searched = bytes.count
            if searched > limit { throw LineTooLong(limit: limit) }
            return nil
        }
        let line = buffer.readSlice(length: end - bytes.startIndex)
        buffer.moveReaderIndex(forwardBy: 1)
        searched = 0
        return line
    }
}
