import NetworkTypes

/// The name of a table, chain, set, map or counter: always a valid nft identifier, whatever it was made from.
///
/// Bytes that nft does not accept in an identifier are written as `_` and two hexadecimal digits, and what is longer
/// than the kernel's limit ends in a hash of the whole. nft's own keywords (`ip`, `drop`, `input` is none) are not
/// told apart: names of ours contain an underscore or a digit.
package struct Name: Hashable, Sendable, Comparable, CustomStringConvertible, ExpressibleByStringInterpolation {
    /// The longest name that the kernel takes is 255 bytes.
    package static let maximumLength = 255

    package let text: String

    package init(_ text: some StringProtocol) {
        let whole = String(text)
        if Self.isIdentifier(whole) {
            self.text = whole
        } else {
            self.text = Self.escaped(whole)
        }
    }

    package init(stringLiteral value: String) { self.init(value) }

    package var description: String { text }

    package static func < (left: Name, right: Name) -> Bool { left.text < right.text }

    /// A letter or underscore, then letters, digits, and `_ - . /`.
    private static func isIdentifier(_ text: String) -> Bool {
        guard let first = text.utf8.first, isLetter(first), text.utf8.count <= maximumLength else { return false }
        return text.utf8.allSatisfy(isInner)
    }

    private static func isLetter(_ byte: UInt8) -> Bool {
        (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte) || byte == 0x5F
    }

    private static func isInner(_ byte: UInt8) -> Bool {
        isLetter(byte) || (0x30...0x39).contains(byte) || byte == 0x2D || byte == 0x2E || byte == 0x2F
    }

    private static func escaped(_ text: String) -> String {
        var result = text.utf8.first.map { isInner($0) && !isLetter($0) } ?? true ? "_" : ""
        for byte in text.utf8 {
            if isInner(byte) {
                result.unicodeScalars.append(Unicode.Scalar(byte))
            } else {
                result += "_" + (byte < 16 ? "0" : "") + String(byte, radix: 16)
            }
        }
        guard result.utf8.count > maximumLength else { return result }
        return String(result.prefix(maximumLength - 33)) + "_" + text.stableDigest
    }
}
