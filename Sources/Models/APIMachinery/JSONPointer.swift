/// A JSON pointer, RFC 6901: the tokens of `/a/b~1c`.
struct JSONPointer: Hashable, Sendable, CustomStringConvertible {
    let tokens: [String]

    init(tokens: [String]) { self.tokens = tokens }

    /// Nil unless the text is empty or starts with a slash, with `~` only as `~0` and `~1`.
    init?(_ text: String) {
        if text.isEmpty {
            tokens = []
            return
        }
        guard text.hasPrefix("/") else { return nil }
        var tokens: [String] = []
        for part in text.dropFirst().split(separator: "/", omittingEmptySubsequences: false) {
            guard let token = Self.unescaped(part) else { return nil }
            tokens.append(token)
        }
        self.tokens = tokens
    }

    var description: String {
        tokens.map { "/" + $0.replacing("~", with: "~0").replacing("/", with: "~1") }.joined()
    }

    func isProperPrefix(of other: JSONPointer) -> Bool {
        tokens.count < other.tokens.count && other.tokens.starts(with: tokens)
    }

    private static func unescaped(_ part: Substring) -> String? {
        var result = ""
        var characters = part.makeIterator()
        while let character = characters.next() {
            guard character == "~" else {
                result.append(character)
                continue
            }
            switch characters.next() {
            case "0": result.append("~")
            case "1": result.append("/")
            default: return nil
            }
        }
        return result
    }
}
