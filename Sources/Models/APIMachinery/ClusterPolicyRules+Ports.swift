import ClusterAPI

extension ClusterPolicyRules {
    /// The ports of a rule, in the form of its version.
    static func portErrors(_ rule: JSONValue, _ field: String, _ dialect: Dialect) -> [FieldError] {
        guard let list = rule[dialect.portList] else { return [] }
        let field = "\(field).\(dialect.portList)"
        let ports = list.array ?? []
        // With no item it would match nothing, or everything: nobody says which.
        if ports.isEmpty { return [.required(field, "must have at least one item, or be left out")] }
        return countErrors(ports, field, dialect.maximumItems)
            + ports.enumerated().flatMap { index, port in
                dialect.hasTier ? transportErrors(port, "\(field)[\(index)]") : portErrors(port, "\(field)[\(index)]")
            }
    }

    /// v1alpha1: `portNumber`, `portRange` or `namedPort`.
    private static func portErrors(_ port: JSONValue, _ field: String) -> [FieldError] {
        var errors = choiceErrors(port, ["portNumber", "portRange", "namedPort"], field)
        for member in ["portNumber", "portRange"] {
            guard let name = port[member]?["protocol"], !PortRules.protocols.contains(name.string ?? "") else {
                continue
            }
            errors.append(.notSupported("\(field).\(member).protocol", name, ["TCP", "UDP", "SCTP"]))
        }
        if let number = port["portNumber"] { errors += numberErrors(number["port"], "\(field).portNumber.port") }
        if let range = port["portRange"] { errors += rangeErrors(range, "\(field).portRange") }
        return errors + nameErrors(port["namedPort"], "\(field).namedPort")
    }

    /// v1alpha2: `tcp`, `udp` or `sctp`, each with or without a port, or `destinationNamedPort`.
    private static func transportErrors(_ match: JSONValue, _ field: String) -> [FieldError] {
        var errors = choiceErrors(match, ["tcp", "udp", "sctp", "destinationNamedPort"], field)
        for member in ["tcp", "udp", "sctp"] {
            guard let port = match[member]?["destinationPort"] else { continue }
            let field = "\(field).\(member).destinationPort"
            errors += choiceErrors(port, ["number", "range"], field)
            if let number = port["number"] { errors += numberErrors(number, "\(field).number") }
            if let range = port["range"] { errors += rangeErrors(range, "\(field).range") }
        }
        return errors + nameErrors(match["destinationNamedPort"], "\(field).destinationNamedPort")
    }

    private static func rangeErrors(_ range: JSONValue, _ field: String) -> [FieldError] {
        let errors = numberErrors(range["start"], "\(field).start") + numberErrors(range["end"], "\(field).end")
        guard errors.isEmpty, let start = range["start"]?.int, let end = range["end"]?.int, start >= end else {
            return errors
        }
        return [.invalid(field, range, "Start port must be less than End port")]
    }

    private static func numberErrors(_ number: JSONValue?, _ field: String) -> [FieldError] {
        guard let number else { return [.required(field)] }
        guard let value = number.int else { return [.invalid(field, number, "must be a port number")] }
        return PortRules.number(value).map { .invalid(field, number, $0) }
    }

    /// A name that no container port can have would match nothing, in a deny too.
    private static func nameErrors(_ name: JSONValue?, _ field: String) -> [FieldError] {
        guard let name else { return [] }
        return NameRules.portName(name.string ?? "").map { .invalid(field, name, $0) }
    }
}
