/// Text from outside inside quotation marks: the only place where it appears in a ruleset.
enum QuotedText {
    /// The longest comment and log prefix that nft and the kernel take, in bytes.
    static let limit = 127

    /// At most `limit` bytes of printable ASCII.
    ///
    /// Every other scalar becomes `?`, and so do `"`, `\`, `$` and `*`, which nft treats specially in places.
    static func safe(_ text: String, limit: Int = limit) -> String {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(min(limit, text.utf8.count))
        for scalar in text.unicodeScalars.prefix(limit) { bytes.append(safe(scalar)) }
        return String(decoding: bytes, as: UTF8.self)
    }

    private static func safe(_ scalar: Unicode.Scalar) -> UInt8 {
        switch scalar {
        case "\"", "\\", "$", "*": UInt8(ascii: "?")
        case " "..."~": UInt8(truncatingIfNeeded: scalar.value)
        default: UInt8(ascii: "?")
        }
    }
}
