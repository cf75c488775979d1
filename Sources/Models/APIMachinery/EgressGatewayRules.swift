package import ClusterAPI
import NetworkTypes

/// Validation of gabion.io/v1 EgressGateway.
enum EgressGatewayRules {
    private static let maximumPorts = 64
    private static let maximumRules = 256
    private static let closed = EgressGateway.closedRanges.compactMap { CIDR($0) }

    static func errors(in object: JSONValue) -> [FieldError] {
        guard let ports = object["spec"]?["ports"]?.array, !ports.isEmpty else {
            return [.required("spec.ports", "name at least one port")]
        }
        var errors = ClusterPolicyRules.countErrors(ports, "spec.ports", maximumPorts)
        var seen: Set<String> = []
        for (index, port) in ports.enumerated() {
            let field = "spec.ports[\(index)]"
            errors += portErrors(port, field)
            let transport = port["protocol"]?.string ?? "TCP"
            if let number = port["port"]?.int, !seen.insert("\(transport)/\(number)").inserted {
                errors.append(.duplicate("\(field).port", .int(number)))
            }
        }
        return errors
    }

    private static func portErrors(_ port: JSONValue, _ field: String) -> [FieldError] {
        var errors = numberErrors(port["port"], "\(field).port")
        if let transport = port["protocol"], !["TCP", "UDP"].contains(transport.string ?? "") {
            errors.append(.notSupported("\(field).protocol", transport, ["TCP", "UDP"]))
        }
        switch (port["redirect"], port["connect"]) {
        case (nil, nil): errors.append(.required(field, "say where it leads: redirect or connect"))
        case (_?, _?): errors.append(.forbidden("\(field).connect", "a port has a redirect or a connect, not both"))
        case (let redirect?, nil): errors += redirectErrors(redirect, "\(field).redirect")
        case (nil, let connect?):
            if port["protocol"]?.string == "UDP" {
                errors.append(.forbidden("\(field).connect", "is for TCP"))
            }
            errors += connectErrors(connect, "\(field).connect")
        }
        return errors
    }

    private static func redirectErrors(_ redirect: JSONValue, _ field: String) -> [FieldError] {
        var errors = numberErrors(redirect["port"], "\(field).port")
        switch (redirect["address"], redirect["host"]) {
        case (nil, nil): errors.append(.required(field, "name the destination: address or host"))
        case (_?, _?): errors.append(.forbidden("\(field).host", "a redirect has an address or a host, not both"))
        case (let address?, nil):
            guard let parsed = IPAddress(address.string ?? "") else {
                errors.append(.invalid("\(field).address", address, "must be an address; write a name as host"))
                break
            }
            errors += closedErrors(CIDR(host: parsed), "\(field).address", address)
        case (nil, let host?):
            if !isName(host.string ?? "", stars: []) {
                errors.append(.invalid("\(field).host", host, "must be a domain name of two labels at least"))
            }
        }
        return errors
    }

    private static func connectErrors(_ connect: JSONValue, _ field: String) -> [FieldError] {
        guard let rules = connect["allow"]?.array, !rules.isEmpty else {
            return [.required("\(field).allow", "name at least one destination: nothing else is let through")]
        }
        return ClusterPolicyRules.countErrors(rules, "\(field).allow", maximumRules)
            + rules.enumerated().flatMap { ruleErrors($1, "\(field).allow[\($0)]") }
    }

    private static func ruleErrors(_ rule: JSONValue, _ field: String) -> [FieldError] {
        var errors = ClusterPolicyRules.choiceErrors(rule, ["host", "cidr"], field)
        if let host = rule["host"], !isName(host.string ?? "", stars: ["**.", "*."]) {
            errors.append(
                .invalid(
                    "\(field).host", host, "must be a domain name of two labels at least, or '*.' or '**.' before it"))
        }
        if let text = rule["cidr"] {
            if let range = CIDR(text.string ?? "") {
                errors += closedErrors(range, "\(field).cidr", text)
            } else {
                errors += AddressRules.cidr(text.string ?? "", "\(field).cidr")
            }
        }
        guard let ports = rule["ports"]?.array, !ports.isEmpty else {
            return errors + [.required("\(field).ports", "name the ports, (e.g. [443])")]
        }
        return errors + ClusterPolicyRules.countErrors(ports, "\(field).ports", maximumPorts)
            + ports.enumerated().flatMap { numberErrors($1, "\(field).ports[\($0)]") }
    }

    private static func closedErrors(_ range: CIDR, _ field: String, _ value: JSONValue) -> [FieldError] {
        guard let inside = closed.first(where: { $0.contains(range) }) else { return [] }
        let why = "is in \(inside): a gateway leads outside, not to the cluster, private networks, metadata or itself"
        return [.invalid(field, value, why)]
    }

    private static func numberErrors(_ port: JSONValue?, _ field: String) -> [FieldError] {
        guard let port else { return [.required(field)] }
        guard let number = port.int else { return [.invalid(field, port, "must be a port number")] }
        return PortRules.number(number).map { .invalid(field, port, $0) }
    }

    /// No name of it is written as an address is, not even as an old one (`1`, `0x7f.1`): the last label begins with a letter.
    private static func isName(_ text: String, stars: [String]) -> Bool {
        let star = stars.first { text.hasPrefix($0) } ?? ""
        let name = text.dropFirst(star.count)
        guard !name.hasPrefix("*"), !name.hasSuffix("."), ClusterPolicyRules.isDomainName(String(name)),
            DomainName(name) != nil, let first = name.split(separator: ".").last?.unicodeScalars.first
        else { return false }
        return first.properties.isAlphabetic
    }
}

/// The same for those who hold one as a value.
package enum EgressGatewayValidation {
    /// What is wrong with it; empty for one that the API accepts.
    package static func errors(in gateway: EgressGateway) -> [FieldError] {
        EgressGatewayRules.errors(
            in: .members([
                "spec": gateway.spec.map { spec in .members(["ports": spec.ports.map { .array($0.map(\.document)) }]) }
            ]))
    }
}

extension EgressGatewayPort {
    fileprivate var document: JSONValue {
        .members([
            "port": .int(Int64(port)), "protocol": self.protocol.map(JSONValue.string),
            "redirect": redirect.map { redirect in
                .members([
                    "address": redirect.address.map(JSONValue.string), "host": redirect.host.map(JSONValue.string),
                    "port": .int(Int64(redirect.port)),
                ])
            },
            "connect": connect.map { connect in
                .members(["allow": connect.allow.map { .array($0.map(\.document)) }])
            },
        ])
    }
}

extension EgressConnectRule {
    fileprivate var document: JSONValue {
        .members([
            "host": host.map(JSONValue.string), "cidr": cidr.map(JSONValue.string),
            "ports": ports.map { .array($0.map { .int(Int64($0)) }) },
        ])
    }
}
