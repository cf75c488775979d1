/// The forms of names in the API and the real messages about wrong ones (apimachinery `util/validation`).
///
/// Every function returns what is wrong; empty means valid.
enum NameRules {
    static let label = "[a-z0-9]([-a-z0-9]*[a-z0-9])?"

    /// RFC 1123 label: namespaces, container and port names.
    static func dns1123Label(_ text: String) -> [String] {
        var problems: [String] = []
        if text.utf8.count > 63 { problems.append(tooLong(63)) }
        if !isLabel(text) {
            problems.append(
                pattern(
                    "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start"
                        + " and end with an alphanumeric character", label, ["my-name", "123-abc"]))
        }
        return problems
    }

    /// RFC 1123 subdomain: the names of most objects.
    static func dns1123Subdomain(_ text: String) -> [String] {
        var problems: [String] = []
        if text.utf8.count > 253 { problems.append(tooLong(253)) }
        if !isSubdomain(text) {
            problems.append(
                pattern(
                    "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and"
                        + " must start and end with an alphanumeric character", "\(label)(\\.\(label))*",
                    ["example.com"]))
        }
        return problems
    }

    /// RFC 1035 label: names of services.
    static func dns1035Label(_ text: String) -> [String] {
        var problems: [String] = []
        if text.utf8.count > 63 { problems.append(tooLong(63)) }
        let startsWell = text.utf8.first.map { (0x61...0x7a).contains($0) } ?? false
        if !isLabel(text) || !startsWell {
            problems.append(
                pattern(
                    "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic"
                        + " character, and end with an alphanumeric character", "[a-z]([-a-z0-9]*[a-z0-9])?",
                    ["my-name", "abc-123"]))
        }
        return problems
    }

    /// Keys of labels and annotations, finalizers: `prefix/name`.
    static func qualifiedName(_ text: String) -> [String] {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        var problems: [String] = []
        let name: String
        switch parts.count {
        case 1: name = parts[0]
        case 2:
            name = parts[1]
            if parts[0].isEmpty {
                problems.append("prefix part must be non-empty")
            } else {
                problems += dns1123Subdomain(parts[0]).map { "prefix part \($0)" }
            }
        default:
            return [
                "a qualified name \(qualifiedForm) with an optional DNS subdomain prefix and '/' (e.g."
                    + " 'example.com/MyName')"
            ]
        }
        if name.isEmpty {
            problems.append("name part must be non-empty")
        } else if name.utf8.count > 63 {
            problems.append("name part \(tooLong(63))")
        }
        if !isValueForm(name) || name.isEmpty { problems.append("name part \(qualifiedForm)") }
        return problems
    }

    static func labelValue(_ text: String) -> [String] {
        var problems: [String] = []
        if text.utf8.count > 63 { problems.append(tooLong(63)) }
        if !text.isEmpty, !isValueForm(text) {
            problems.append(
                pattern(
                    "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must"
                        + " start and end with an alphanumeric character",
                    "(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?",
                    ["MyValue", "my_value", "12345"]))
        }
        return problems
    }

    /// IANA service name: named ports.
    static func portName(_ text: String) -> [String] {
        var problems: [String] = []
        if text.utf8.count > 15 { problems.append("must be no more than 15 characters") }
        if !text.utf8.allSatisfy({ isLower($0) || isDigit($0) || $0 == 0x2d }) {
            problems.append("must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)")
        }
        if !text.utf8.contains(where: isLower) { problems.append("must contain at least one letter (a-z)") }
        if text.contains("--") { problems.append("must not contain consecutive hyphens") }
        if text.hasPrefix("-") || text.hasSuffix("-") { problems.append("must not begin or end with a hyphen") }
        return problems
    }

    private static let qualifiedForm = pattern(
        "must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character",
        "([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]", ["MyName", "my.name", "123-abc"])

    private static func pattern(_ message: String, _ form: String, _ examples: [String]) -> String {
        let list = examples.map { "'\($0)'" }.joined(separator: ",  or ")
        return "\(message) (e.g. \(list), regex used for validation is '\(form)')"
    }

    private static func tooLong(_ maximum: Int) -> String { "must be no more than \(maximum) characters" }

    private static func isSubdomain(_ text: String) -> Bool {
        text.split(separator: ".", omittingEmptySubsequences: false).allSatisfy(isLabel)
    }

    private static func isLabel(_ text: some StringProtocol) -> Bool {
        guard let first = text.utf8.first else { return false }
        return isLowerOrDigit(first) && !text.hasSuffix("-")
            && text.utf8.allSatisfy { isLowerOrDigit($0) || $0 == 0x2d }
    }

    private static func isValueForm(_ text: String) -> Bool {
        guard let first = text.utf8.first, let last = text.utf8.last else { return true }
        return isAlphanumeric(first) && isAlphanumeric(last)
            && text.utf8.allSatisfy { isAlphanumeric($0) || $0 == 0x2d || $0 == 0x5f || $0 == 0x2e }
    }

    private static func isLower(_ byte: UInt8) -> Bool { (0x61...0x7a).contains(byte) }
    private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }
    private static func isLowerOrDigit(_ byte: UInt8) -> Bool { isLower(byte) || isDigit(byte) }
    private static func isAlphanumeric(_ byte: UInt8) -> Bool { isLowerOrDigit(byte) || (0x41...0x5a).contains(byte) }
}
