extension DomainName: CustomStringConvertible {
    /// Reads `a.example.org`, with or without a dot at the end; `.` is the root.
    ///
    /// `\.` and `\\` are those bytes in a label, `\065` is a byte by its number (RFC 1035, 5.1). Nil for empty labels,
    /// labels longer than 63 bytes and names longer than 255.
    package init?(_ text: some StringProtocol) {
        if text == "." {
            self = .root
            return
        }
        var labels: [[UInt8]] = [[]]
        var bytes = text.utf8.makeIterator()
        while let byte = bytes.next() {
            switch byte {
            case UInt8(ascii: "."): labels.append([])
            case UInt8(ascii: "\\"):
                guard let escaped = Self.escaped(&bytes) else { return nil }
                labels[labels.count - 1].append(escaped)
            default: labels[labels.count - 1].append(byte)
            }
        }
        if labels.count > 1, labels.last?.isEmpty == true { labels.removeLast() }
        self.init(labels: labels)
    }

    private static func escaped(_ bytes: inout some IteratorProtocol<UInt8>) -> UInt8? {
        guard let first = bytes.next() else { return nil }
        guard (48...57).contains(first) else { return first }
        var number = Int(first) - 48
        for _ in 0..<2 {
            guard let digit = bytes.next(), (48...57).contains(digit) else { return nil }
            number = number * 10 + Int(digit) - 48
        }
        return UInt8(exactly: number)
    }

    /// With a dot at the end, and everything but plain characters escaped.
    package var description: String {
        if isRoot { return "." }
        return labels.map { $0.map(Self.printed).joined() + "." }.joined()
    }

    private static func printed(_ byte: UInt8) -> String {
        switch byte {
        case UInt8(ascii: "."), UInt8(ascii: "\\"), UInt8(ascii: "\""), UInt8(ascii: ";"), UInt8(ascii: "("),
            UInt8(ascii: ")"), UInt8(ascii: "@"), UInt8(ascii: "$"):
            "\\" + String(UnicodeScalar(byte))
        case 0x21...0x7E: String(UnicodeScalar(byte))
        default: "\\" + String(repeating: "0", count: byte < 10 ? 2 : byte < 100 ? 1 : 0) + String(byte)
        }
    }
}
