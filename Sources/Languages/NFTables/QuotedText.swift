/// Text from outside inside quotation marks: the only place where it appears in a ruleset.
enum QuotedText {
    /// The longest comment and log prefix that nft and the kernel take, in bytes.
    static let limit = 127

    /// At most `limit` bytes of printable ASCII.
    ///
    /// Every other scalar becomes `?`, and so do `"`, `\`, `$` and `*`, which nft treats specially in places.
    static func safe(_ text: String, limit: Int = limit) -> String {
        var result = ""
        for scalar in text.unicodeScalars.prefix(limit) {
            let isPlain = (0x20...0x7E).contains(scalar.value) && !excluded.contains(scalar)
            result.unicodeScalars.append(isPlain ? scalar : "?")
        }
        return result
    }

    private static let excluded: [Unicode.Scalar] = ["\"", "\\", "$", "*"]
}
