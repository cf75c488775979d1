/// A protobuf message that is being written.
struct ProtobufMessage {
    private(set) var bytes: [UInt8] = []

    mutating func append(field: UInt64, text: String) { append(field: field, Array(text.utf8)) }
    mutating func append(field: UInt64, message: ProtobufMessage) { append(field: field, message.bytes) }

    mutating func append(field: UInt64, flag: Bool) {
        appendVarint(field << 3)
        appendVarint(flag ? 1 : 0)
    }

    private mutating func append(field: UInt64, _ content: [UInt8]) {
        appendVarint(field << 3 | 2)
        appendVarint(UInt64(content.count))
        bytes += content
    }

    private mutating func appendVarint(_ number: UInt64) {
        var rest = number
        while rest >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(truncatingIfNeeded: rest))
    }
}
