/// The character rules of names, label keys, label values and port names (Kubernetes: object names; labels and selectors).
package enum LabelSyntax {
    static let keyRule =
        "a label key is a name of at most 63 alphanumerics, '-', '_' or '.', with an optional DNS prefix and '/'"
    static let valueRule =
        "a label value is empty, or at most 63 alphanumerics, '-', '_' or '.', with an alphanumeric at both ends"
    static let subdomainRule =
        "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start "
        + "and end with an alphanumeric character"

    package static func isKey(_ text: String) -> Bool {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count <= 2, let name = parts.last.map(String.init), !name.isEmpty, isName(name) else {
            return false
        }
        return parts.count == 1 || isSubdomain(String(parts[0]))
    }

    package static func isValue(_ text: String) -> Bool { text.isEmpty || isName(text) }

    /// RFC 1123 labels, joined by dots, 253 bytes at most.
    package static func isSubdomain(_ text: String) -> Bool {
        guard (1...253).contains(text.utf8.count) else { return false }
        return text.split(separator: ".", omittingEmptySubsequences: false).allSatisfy { part in
            let bytes = Array(part.utf8)
            guard let first = bytes.first, let last = bytes.last, isLower(first), isLower(last) else { return false }
            return bytes.allSatisfy { isLower($0) || $0 == UInt8(ascii: "-") }
        }
    }

    /// Nil for a valid name of a port (IANA service name, RFC 6335); else the reason.
    package static func portNameError(_ text: String) -> String? {
        let bytes = Array(text.utf8)
        if bytes.count > 15 { return "must be no more than 15 characters" }
        guard let first = bytes.first, let last = bytes.last, isLower(first), isLower(last),
            bytes.allSatisfy({ isLower($0) || $0 == UInt8(ascii: "-") })
        else { return "must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-), none at an end" }
        if !bytes.contains(where: isLetter) { return "must contain at least one letter (a-z)" }
        return text.contains("--") ? "must not contain consecutive hyphens" : nil
    }

    private static func isName(_ text: String) -> Bool {
        let bytes = Array(text.utf8)
        guard bytes.count <= 63, let first = bytes.first, let last = bytes.last, isAlphanumeric(first),
            isAlphanumeric(last)
        else { return false }
        return bytes.allSatisfy { isAlphanumeric($0) || $0 == 45 || $0 == 46 || $0 == 95 }
    }

    private static func isLetter(_ byte: UInt8) -> Bool { (97...122).contains(byte) }
    private static func isLower(_ byte: UInt8) -> Bool { isLetter(byte) || (48...57).contains(byte) }
    private static func isAlphanumeric(_ byte: UInt8) -> Bool { isLower(byte) || (65...90).contains(byte) }
}
