import ClusterAPI

/// Plain scalars as Kubernetes tools read them: the YAML 1.1 of Go's yaml.v2.
///
/// With one exception: `y` and `n` are texts, as in YAML 1.2 and as Python's writer leaves them; a namespace may be named so.
enum YAMLScalar {
    /// `tag` is empty when the document gives none.
    ///
    /// Quoted and block scalars are texts.
    static func value(_ text: String, isPlain: Bool, tag: String) -> JSONValue {
        switch tag {
        case "": isPlain ? plain(text) : .string(text)
        case "tag:yaml.org,2002:int", "tag:yaml.org,2002:float", "tag:yaml.org,2002:bool", "tag:yaml.org,2002:null":
            plain(text)
        default: .string(text)
        }
    }

    static func plain(_ text: String) -> JSONValue {
        guard let first = text.utf8.first else { return .null }
        // Most values are words: decide by the first letter.
        switch first {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "+"), UInt8(ascii: "."):
            return number(text) ?? .string(text)
        case UInt8(ascii: "~"), UInt8(ascii: "n"), UInt8(ascii: "N"), UInt8(ascii: "y"), UInt8(ascii: "Y"),
            UInt8(ascii: "t"), UInt8(ascii: "T"), UInt8(ascii: "f"), UInt8(ascii: "F"), UInt8(ascii: "o"),
            UInt8(ascii: "O"):
            return words[text] ?? .string(text)
        default: return .string(text)
        }
    }

    private static let words: [String: JSONValue] = {
        var words: [String: JSONValue] = ["~": .null, "null": .null, "Null": .null, "NULL": .null]
        for word in ["yes", "Yes", "YES", "true", "True", "TRUE", "on", "On", "ON"] { words[word] = true }
        for word in ["no", "No", "NO", "false", "False", "FALSE", "off", "Off", "OFF"] { words[word] = false }
        return words
    }()

    private static func number(_ text: String) -> JSONValue? {
        if let integer = integer(text) { return .int(integer) }
        guard text.utf8.allSatisfy(isOfFloat), text.utf8.contains(where: { (48...57).contains($0) }) else { return nil }
        guard let number = Double(text), number.isFinite else { return nil }
        return .double(number)
    }

    /// Decimal, `0x`, `0o`, `0b`, a leading zero for octal; underscores between digits do not count.
    private static func integer(_ text: String) -> Int64? {
        var digits = text.replacing("_", with: "")[...]
        var sign = ""
        if let first = digits.first, first == "-" || first == "+" {
            sign = String(first)
            digits = digits.dropFirst()
        }
        guard let first = digits.first, first.isASCII, first.isNumber, text.utf8.first != 95 else { return nil }
        var radix = 10
        if first == "0", digits.count > 1 {
            let marks: [String: Int] = ["0x": 16, "0X": 16, "0o": 8, "0O": 8, "0b": 2, "0B": 2]
            radix = marks[String(digits.prefix(2))] ?? 8
            digits = digits.dropFirst(marks[String(digits.prefix(2))] == nil ? 1 : 2)
        }
        guard let next = digits.first, next != "-", next != "+" else { return nil }
        return Int64(sign + digits, radix: radix)
    }

    private static func isOfFloat(_ byte: UInt8) -> Bool {
        (48...57).contains(byte) || byte == 43 || byte == 45 || byte == 46 || byte == 69 || byte == 101
    }
}
