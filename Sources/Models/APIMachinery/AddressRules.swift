import ClusterAPI
import NetworkTypes

/// Validation of addresses in objects, with the real messages.
enum AddressRules {
    static func cidr(_ text: String, _ field: String) -> [FieldError] {
        CIDR(text) != nil
            ? [] : [.invalid(field, .string(text), "must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)")]
    }

    static func address(_ text: String, _ field: String) -> [FieldError] {
        IPAddress(text) != nil
            ? [] : [.invalid(field, .string(text), "must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)")]
    }

    /// An address of one family, `IPv4` or `IPv6`.
    static func address(_ text: String, _ field: String, family: String) -> [FieldError] {
        guard ["IPv4", "IPv6"].contains(family) else { return [] }
        let isRight = IPAddress(text)?.family == (family == "IPv4" ? .v4 : .v6)
        return isRight ? [] : [.invalid(field, .string(text), "must be a valid \(family) address")]
    }

    /// An address that traffic can be sent to.
    static func endpoint(_ text: String, _ field: String) -> [FieldError] {
        let problems = address(text, field)
        return problems.isEmpty ? range(text, field) : problems
    }

    /// That an address is not of a range with a meaning on one machine or link only.
    static func range(_ text: String, _ field: String) -> [FieldError] {
        guard let address = IPAddress(text) else { return [] }
        let value = JSONValue.string(text)
        if address.isUnspecified { return [.invalid(field, value, "may not be unspecified (0.0.0.0 or ::)")] }
        if address.isLoopback {
            return [.invalid(field, value, "may not be in the loopback range (127.0.0.0/8, ::1/128)")]
        }
        if address.isLinkLocal {
            return [.invalid(field, value, "may not be in the link-local range (169.254.0.0/16, fe80::/10)")]
        }
        return []
    }
}
