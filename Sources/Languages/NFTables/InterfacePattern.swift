/// The name of a network interface, or all names that begin alike: `eth0`, `gab*`.
package struct InterfacePattern: Hashable, Sendable, CustomStringConvertible {
    /// The kernel's limit (IFNAMSIZ is 16 with the terminating zero).
    package static let maximumLength = 15

    /// The name, or what the names begin with.
    package let text: String
    package let isPrefix: Bool

    /// One interface.
    ///
    /// Nil unless the kernel would accept the name: 1…15 bytes of printable ASCII, none of
    /// them a space, `/`, `:`, `"`, `*` or `\`, and neither `.` nor `..`.
    package init?(_ name: some StringProtocol) {
        guard Self.isValid(name), name.utf8.count <= Self.maximumLength else { return nil }
        text = String(name)
        isPrefix = false
    }

    /// All interfaces whose names begin with `prefix`, of 1…14 bytes under the same rules.
    package init?(prefix: some StringProtocol) {
        guard Self.isValid(prefix), prefix.utf8.count < Self.maximumLength else { return nil }
        text = String(prefix)
        isPrefix = true
    }

    /// As rendered without quotes: `gab*` for a prefix.
    package var description: String { isPrefix ? text + "*" : text }

    private static func isValid(_ name: some StringProtocol) -> Bool {
        guard !name.isEmpty, name != ".", name != ".." else { return false }
        return name.utf8.allSatisfy { byte in
            (0x21...0x7E).contains(byte) && !Self.excluded.contains(byte)
        }
    }

    /// Slash, colon, quotation mark, asterisk, backslash.
    private static let excluded: [UInt8] = [0x2F, 0x3A, 0x22, 0x2A, 0x5C]
}

extension InterfacePattern: ExpressibleByStringLiteral {
    /// A literal in the source; one that ends in `*` is a prefix.
    ///
    /// An invalid literal is a programming error.
    package init(stringLiteral value: StaticString) {
        let text = value.description
        let parsed = text.hasSuffix("*") ? Self(prefix: text.dropLast()) : Self(text)
        guard let parsed else { preconditionFailure("'\(text)' is not an interface name") }
        self = parsed
    }
}
