package import ClusterAPI

/// JSON text to values and back: RFC 8259, UTF-8, members sorted by name so that equal documents have equal bytes.
package enum JSONText {
    /// Deeper documents are refused: a request cannot exhaust the stack.
    package static let maximumDepth = 256

    /// Doubles below this are exact when they are whole.
    static let exactIntegers = 9_007_199_254_740_992.0

    package static func decode(_ bytes: some Sequence<UInt8>) throws(JSONTextError) -> JSONValue {
        var parser = JSONTextParser(Array(bytes))
        return try parser.document()
    }

    package static func encode(_ value: JSONValue) -> [UInt8] {
        var printer = JSONTextPrinter()
        printer.append(value)
        return printer.bytes
    }
}

/// Why text is not JSON, and at which byte.
package struct JSONTextError: Error, CustomStringConvertible {
    package let why: String
    package let offset: Int

    package var description: String { "\(why) at byte \(offset)" }
}
