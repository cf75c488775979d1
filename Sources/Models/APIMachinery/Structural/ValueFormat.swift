import NetworkTypes

/// The formats of text that are checked; others, such as `int32` and `password`, say nothing here.
enum ValueFormat: String, Hashable, Sendable, CaseIterable {
    case ipv4, ipv6, cidr, mac, hostname, uri, email, uuid, uuid3, uuid4, uuid5, byte, date, duration
    case dateTime = "datetime"
    case hexColor = "hexcolor"
    case rgbColor = "rgbcolor"
    case objectID = "bsonobjectid"
    case socialSecurityNumber = "ssn"

    /// Hyphens in names do not count: `date-time` is `datetime`.
    init?(name: String) { self.init(rawValue: name.filter { $0 != "-" }) }

    func holds(for text: String) -> Bool {
        switch self {
        case .ipv4: IPAddress(text)?.family == .v4
        case .ipv6: IPAddress(text)?.family == .v6
        case .cidr: CIDR(text) != nil
        case .mac: MACAddress(text) != nil
        case .byte: Base64.isValid(text)
        case .date: text.utf8.count == 10 && APITime(text + "T00:00:00Z") != nil
        case .dateTime: APITime(text) != nil
        case .hostname: text.utf8.count <= 255 && matchesPattern(text)
        default: matchesPattern(text)
        }
    }

    private func matchesPattern(_ text: String) -> Bool { Self.patterns[self]?.matches(text) ?? true }

    private static let patterns: [ValueFormat: LinearPattern] = texts.compactMapValues { try? LinearPattern($0) }

    private static let texts: [ValueFormat: String] = [
        .hostname:
            #"^([a-zA-Z0-9]([-a-zA-Z0-9]{0,61}[a-zA-Z0-9])?)(\.[a-zA-Z0-9]([-a-zA-Z0-9]{0,61}[a-zA-Z0-9])?)*\.?$"#,
        .uri: #"^(/|[a-zA-Z][-+.a-zA-Z0-9]*:)[^\x00-\x20\x7F]*$"#,
        .email: #"^(.*<)?[^@\s<>]+@[^@\s<>]+>?$"#,
        .uuid: "(?i)^[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}$",
        .uuid3: "(?i)^[0-9a-f]{8}-?[0-9a-f]{4}-?3[0-9a-f]{3}-?[0-9a-f]{4}-?[0-9a-f]{12}$",
        .uuid4: "(?i)^[0-9a-f]{8}-?[0-9a-f]{4}-?4[0-9a-f]{3}-?[89ab][0-9a-f]{3}-?[0-9a-f]{12}$",
        .uuid5: "(?i)^[0-9a-f]{8}-?[0-9a-f]{4}-?5[0-9a-f]{3}-?[89ab][0-9a-f]{3}-?[0-9a-f]{12}$",
        .duration:
            #"^[-+]?(0|(([0-9]+\.?[0-9]*|\.[0-9]+) ?(ns|us|µs|ms|s|m|h|d|w|(nano|micro|milli)?seconds?|(milli|micro|nano)s?|minutes?|hours?|days?|weeks?))+)$"#,
        .hexColor: "^#?([0-9a-fA-F]{3}|[0-9a-fA-F]{6})$",
        .rgbColor: #"^rgb\((\s*[0-9]{1,3}\s*,){2}\s*[0-9]{1,3}\s*\)$"#,
        .objectID: "^[0-9a-fA-F]{24}$",
        .socialSecurityNumber: #"^[0-9]{3}[- ]?[0-9]{2}[- ]?[0-9]{4}$"#,
    ]
}
