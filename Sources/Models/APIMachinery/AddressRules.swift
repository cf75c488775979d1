import ClusterAPI
import NetworkTypes

/// Validation of addresses and ports in objects, with the real messages.
enum AddressRules {
    static func cidr(_ text: String, _ field: String) -> [FieldError] {
        CIDR(text) != nil
            ? [] : [.invalid(field, .string(text), "must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)")]
    }

    static func address(_ text: String, _ field: String) -> [FieldError] {
        IPAddress(text) != nil
            ? [] : [.invalid(field, .string(text), "must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)")]
    }
}

enum PortRules {
    static let protocols = ["SCTP", "TCP", "UDP"]

    static func number(_ port: Int64) -> [String] {
        (1...65_535).contains(port) ? [] : ["must be between 1 and 65535, inclusive"]
    }
}
