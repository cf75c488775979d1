/// Validation of port numbers and transport protocols.
enum PortRules {
    static let protocols = ["SCTP", "TCP", "UDP"]

    static func number(_ port: Int64) -> [String] {
        (1...65_535).contains(port) ? [] : ["must be between 1 and 65535, inclusive"]
    }
}
