/// Reads JSON text (RFC 8259).
///
/// Total: wrong text is an error with its offset, and depth is bounded.
struct ListingReader {
    private let bytes: [UInt8]
    private var position = 0
    private var depth = 0
    private static let deepest = 64

    static func read(_ bytes: [UInt8]) throws(ListingError) -> Listing {
        var reader = ListingReader(bytes: bytes)
        let value = try reader.value()
        reader.skipSpace()
        guard reader.position == bytes.count else { throw reader.wrong("text after the end") }
        return value
    }

    private init(bytes: [UInt8]) { self.bytes = bytes }

    private func wrong(_ what: String) -> ListingError { .notJSON(what, offset: position) }

    private var next: UInt8? { position < bytes.count ? bytes[position] : nil }

    private mutating func skipSpace() {
        while let byte = next, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { position += 1 }
    }

    private mutating func take(_ byte: UInt8) -> Bool {
        skipSpace()
        guard next == byte else { return false }
        position += 1
        return true
    }

    private mutating func value() throws(ListingError) -> Listing {
        skipSpace()
        guard let byte = next else { throw wrong("the text ends early") }
        switch byte {
        case UInt8(ascii: "{"), UInt8(ascii: "["):
            guard depth < Self.deepest else { throw wrong("nested too deeply") }
            depth += 1
            defer { depth -= 1 }
            position += 1
            return byte == UInt8(ascii: "{") ? try object() : try array()
        case UInt8(ascii: "\""): return .text(try string())
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return try number()
        default: return try word()
        }
    }

    private mutating func object() throws(ListingError) -> Listing {
        var members: [String: Listing] = [:]
        if take(UInt8(ascii: "}")) { return .object(members) }
        repeat {
            skipSpace()
            guard next == UInt8(ascii: "\"") else { throw wrong("a member's name is missing") }
            let name = try string()
            guard take(UInt8(ascii: ":")) else { throw wrong("a colon is missing") }
            members[name] = try value()
        } while take(UInt8(ascii: ","))
        guard take(UInt8(ascii: "}")) else { throw wrong("a closing brace is missing") }
        return .object(members)
    }

    private mutating func array() throws(ListingError) -> Listing {
        var elements: [Listing] = []
        if take(UInt8(ascii: "]")) { return .array(elements) }
        repeat { elements.append(try value()) } while take(UInt8(ascii: ","))
        guard take(UInt8(ascii: "]")) else { throw wrong("a closing bracket is missing") }
        return .array(elements)
    }

    private mutating func word() throws(ListingError) -> Listing {
        let words: [(StaticString, Listing)] = [("null", .null), ("true", .bool(true)), ("false", .bool(false))]
        for (word, value) in words {
            let length = word.utf8CodeUnitCount
            if bytes[position...].prefix(length).elementsEqual(word.description.utf8) {
                position += length
                return value
            }
        }
        throw wrong("not a value")
    }

    private mutating func number() throws(ListingError) -> Listing {
        let start = position
        let numeric = Set("+-.eE0123456789".utf8)
        while let byte = next, numeric.contains(byte) { position += 1 }
        let text = String(decoding: bytes[start..<position], as: UTF8.self)
        if let whole = Int128(text) { return .number(whole) }
        guard Double(text) != nil else { throw wrong("'\(text)' is not a number") }
        return .null
    }

    private mutating func string() throws(ListingError) -> String {
        position += 1
        let start = position
        while let byte = next, byte != UInt8(ascii: "\""), byte != UInt8(ascii: "\\") { position += 1 }
        if next == UInt8(ascii: "\"") {
            defer { position += 1 }
            return String(decoding: bytes[start..<position], as: UTF8.self)
        }
        var content = Array(bytes[start..<position])
        while let byte = next {
            position += 1
            switch byte {
            case UInt8(ascii: "\""): return String(decoding: content, as: UTF8.self)
            case UInt8(ascii: "\\"): try escape(into: &content)
            default: content.append(byte)
            }
        }
        throw wrong("a closing quotation mark is missing")
    }

    private mutating func escape(into content: inout [UInt8]) throws(ListingError) {
        guard let byte = next else { throw wrong("the text ends early") }
        position += 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): content.append(byte)
        case UInt8(ascii: "b"): content.append(0x08)
        case UInt8(ascii: "f"): content.append(0x0C)
        case UInt8(ascii: "n"): content.append(0x0A)
        case UInt8(ascii: "r"): content.append(0x0D)
        case UInt8(ascii: "t"): content.append(0x09)
        case UInt8(ascii: "u"): content += String(try codePoint()).utf8
        default: throw wrong("an unknown escape")
        }
    }

    private mutating func codePoint() throws(ListingError) -> Character {
        let first = try hexadecimal()
        if (0xD800..<0xDC00).contains(first), bytes[position...].starts(with: Array("\\u".utf8)) {
            position += 2
            let second = try hexadecimal()
            guard (0xDC00..<0xE000).contains(second) else { return "\u{FFFD}" }
            return Unicode.Scalar(0x10000 + (first - 0xD800) << 10 + (second - 0xDC00)).map(Character.init)
                ?? "\u{FFFD}"
        }
        return Unicode.Scalar(first).map(Character.init) ?? "\u{FFFD}"
    }

    private mutating func hexadecimal() throws(ListingError) -> UInt32 {
        let digits = bytes[position...].prefix(4)
        guard digits.count == 4, digits.allSatisfy({ Character(Unicode.Scalar($0)).isHexDigit }),
            let value = UInt32(String(decoding: digits, as: UTF8.self), radix: 16)
        else { throw wrong("four hexadecimal digits are missing") }
        position += 4
        return value
    }
}
