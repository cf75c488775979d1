import ClusterAPI

/// The documents of a JSON text (RFC 8259; several may follow one another), with lines.
struct JSONDocuments {
    private let bytes: [UInt8]
    private let file: String
    private var position = 0
    private var line = 1

    static func parse(_ text: String, file: String) throws(ManifestError) -> [ManifestNode] {
        var parser = JSONDocuments(bytes: Array(text.utf8), file: file)
        var documents: [ManifestNode] = []
        while parser.skipSpace() != nil { documents.append(try parser.value(depth: 0)) }
        return documents
    }

    private init(bytes: [UInt8], file: String) {
        self.bytes = bytes
        self.file = file
    }

    private func failure(_ message: String) -> ManifestError {
        ManifestError(file: file, line: line, message: "not JSON: \(message)")
    }

    /// The next byte that is not space, without taking it.
    private mutating func skipSpace() -> UInt8? {
        while position < bytes.count {
            switch bytes[position] {
            case 10: line += 1
            case 32, 9, 13: break
            default: return bytes[position]
            }
            position += 1
        }
        return nil
    }

    private mutating func take(_ byte: UInt8) -> Bool {
        guard skipSpace() == byte else { return false }
        position += 1
        return true
    }

    private mutating func value(depth: Int) throws(ManifestError) -> ManifestNode {
        guard let first = skipSpace() else { throw failure("the text ends where a value should be") }
        if depth > 200 { throw failure("nested too deeply") }
        let start = line
        switch first {
        case UInt8(ascii: "{"):
            position += 1
            return ManifestNode(line: start, value: .mapping(try members(depth: depth)))
        case UInt8(ascii: "["):
            position += 1
            return ManifestNode(line: start, value: .sequence(try elements(depth: depth)))
        case UInt8(ascii: "\""): return ManifestNode(line: start, value: .scalar(.string(try string())))
        default: return ManifestNode(line: start, value: .scalar(try word()))
        }
    }

    private mutating func elements(depth: Int) throws(ManifestError) -> [ManifestNode] {
        var elements: [ManifestNode] = []
        if take(UInt8(ascii: "]")) { return elements }
        while true {
            elements.append(try value(depth: depth + 1))
            if take(UInt8(ascii: "]")) { return elements }
            guard take(UInt8(ascii: ",")) else { throw failure("a list needs ',' or ']' here") }
        }
    }

    private mutating func members(depth: Int) throws(ManifestError) -> [ManifestNode.Entry] {
        var entries: [ManifestNode.Entry] = []
        var known: Set<String> = []
        if take(UInt8(ascii: "}")) { return entries }
        while true {
            guard skipSpace() == UInt8(ascii: "\"") else { throw failure("a key in double quotes is missing") }
            let start = line
            let key = try string()
            guard take(UInt8(ascii: ":")) else { throw failure("':' is missing after the key \"\(key)\"") }
            guard known.insert(key).inserted else { throw failure("the key \"\(key)\" is written twice") }
            entries.append(ManifestNode.Entry(key: key, line: start, value: try value(depth: depth + 1)))
            if take(UInt8(ascii: "}")) { return entries }
            guard take(UInt8(ascii: ",")) else { throw failure("an object needs ',' or '}' here") }
        }
    }

    private mutating func word() throws(ManifestError) -> JSONValue {
        let start = position
        while position < bytes.count, isOfWord(bytes[position]) { position += 1 }
        let text = String(decoding: bytes[start..<position], as: UTF8.self)
        switch text {
        case "true": return true
        case "false": return false
        case "null": return .null
        default:
            if let number = Int64(text), !text.hasPrefix("+") { return .int(number) }
            if let first = text.utf8.first, first == 45 || (48...57).contains(first), let number = Double(text),
                number.isFinite, !text.lowercased().contains("x")
            {
                return .double(number)
            }
            throw failure(text.isEmpty ? "a value is missing" : "'\(text)' is no value")
        }
    }

    private func isOfWord(_ byte: UInt8) -> Bool {
        (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte) || byte == 43 || byte == 45
            || byte == 46
    }

    private mutating func string() throws(ManifestError) -> String {
        position += 1
        var content: [UInt8] = []
        while position < bytes.count {
            let byte = bytes[position]
            position += 1
            switch byte {
            case UInt8(ascii: "\""): return String(decoding: content, as: UTF8.self)
            case UInt8(ascii: "\\"): try escape(into: &content)
            case 0..<32: throw failure("a control character stands in a text")
            default: content.append(byte)
            }
        }
        throw failure("a text does not end")
    }

    private mutating func escape(into content: inout [UInt8]) throws(ManifestError) {
        guard position < bytes.count else { throw failure("a text does not end") }
        let byte = bytes[position]
        position += 1
        let plain: [UInt8: UInt8] = [34: 34, 92: 92, 47: 47, 98: 8, 102: 12, 110: 10, 114: 13, 116: 9]
        if let meant = plain[byte] {
            content.append(meant)
            return
        }
        guard byte == UInt8(ascii: "u") else { throw failure("an unknown escape in a text") }
        var unit = try hexadecimal()
        if (0xD800..<0xDC00).contains(unit), position + 1 < bytes.count, bytes[position] == 92,
            bytes[position + 1] == 117
        {
            position += 2
            let low = try hexadecimal()
            guard (0xDC00..<0xE000).contains(low) else { throw failure("half of a surrogate pair in a text") }
            unit = 0x10000 + (unit - 0xD800) << 10 + (low - 0xDC00)
        }
        guard let scalar = Unicode.Scalar(unit) else { throw failure("half of a surrogate pair in a text") }
        content += Array(String(Character(scalar)).utf8)
    }

    private mutating func hexadecimal() throws(ManifestError) -> UInt32 {
        guard position + 4 <= bytes.count,
            bytes[position..<position + 4].allSatisfy({ Character(Unicode.Scalar($0)).isHexDigit }),
            let value = UInt32(String(decoding: bytes[position..<position + 4], as: UTF8.self), radix: 16)
        else { throw failure("four hexadecimal digits are missing after \\u") }
        position += 4
        return value
    }
}
