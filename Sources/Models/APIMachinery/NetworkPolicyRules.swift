import ClusterAPI
import NetworkTypes

/// Defaults and validation of NetworkPolicy (kubernetes `pkg/apis/networking`).
enum NetworkPolicyRules {
    /// `policyTypes` from the rules that are there, `protocol` TCP, an absent podSelector as the empty one.
    static func setDefaults(_ object: inout JSONValue) {
        var spec = object["spec"] ?? [:]
        guard spec.object != nil else { return }
        if spec["podSelector"] == nil { spec["podSelector"] = [:] }
        for direction in ["ingress", "egress"] {
            guard let rules = spec[direction]?.array else { continue }
            spec[direction] = .array(rules.map(withProtocols))
        }
        if spec["policyTypes"]?.array?.isEmpty != false {
            let hasEgress = spec["egress"]?.array?.isEmpty == false
            spec["policyTypes"] = hasEgress ? ["Ingress", "Egress"] : ["Ingress"]
        }
        object["spec"] = spec
    }

    /// A rule, or anything else with `ports`, that says for each port which protocol it means.
    static func withProtocols(_ rule: JSONValue) -> JSONValue {
        guard let ports = rule["ports"]?.array else { return rule }
        var result = rule
        result["ports"] = .array(
            ports.map { port in
                var port = port
                if port["protocol"] == nil { port["protocol"] = "TCP" }
                return port
            })
        return result
    }

    static func errors(in object: JSONValue) -> [FieldError] {
        let spec = object["spec"] ?? [:]
        var errors = SelectorRules.errors(in: spec["podSelector"], "spec.podSelector")
        for (direction, peers) in [("ingress", "from"), ("egress", "to")] {
            for (index, rule) in (spec[direction]?.array ?? []).enumerated() {
                errors += ruleErrors(rule, "spec.\(direction)[\(index)]", peers: peers)
            }
        }
        let types = spec["policyTypes"]?.array ?? []
        if types.count > 2 {
            errors.append(
                .invalid("spec.policyTypes", .array(types), "may not specify more than two policyTypes"))
            return errors
        }
        for (index, type) in types.enumerated() where !["Ingress", "Egress"].contains(type.string) {
            errors.append(.notSupported("spec.policyTypes[\(index)]", type, ["Ingress", "Egress"]))
        }
        return errors
    }

    private static func ruleErrors(_ rule: JSONValue, _ field: String, peers: String) -> [FieldError] {
        var errors: [FieldError] = []
        for (index, port) in (rule["ports"]?.array ?? []).enumerated() {
            errors += portErrors(port, "\(field).ports[\(index)]")
        }
        for (index, peer) in (rule[peers]?.array ?? []).enumerated() {
            errors += peerErrors(peer, "\(field).\(peers)[\(index)]")
        }
        return errors
    }

    static func portErrors(_ port: JSONValue, _ field: String) -> [FieldError] {
        var errors: [FieldError] = []
        if let name = port["protocol"], !PortRules.protocols.contains(name.string ?? "") {
            errors.append(.notSupported("\(field).protocol", name, ["TCP", "UDP", "SCTP"]))
        }
        let end = port["endPort"]?.int
        switch port["port"] {
        case .int(let number):
            errors += PortRules.number(number).map { .invalid("\(field).port", .int(number), $0) }
            if let end {
                if end < number {
                    errors.append(
                        .invalid("\(field).endPort", .int(end), "must be greater than or equal to `port`"))
                }
                errors += PortRules.number(end).map { .invalid("\(field).endPort", .int(end), $0) }
            }
        case .string(let name):
            if let end {
                errors.append(
                    .invalid("\(field).endPort", .int(end), "may not be specified when `port` is non-numeric"))
            }
            errors += NameRules.portName(name).map { .invalid("\(field).port", .string(name), $0) }
        default:
            if let end {
                errors.append(
                    .invalid("\(field).endPort", .int(end), "may not be specified when `port` is not specified"))
            }
        }
        return errors
    }

    private static func peerErrors(_ peer: JSONValue, _ field: String) -> [FieldError] {
        var errors: [FieldError] = []
        var parts = 0
        for member in ["podSelector", "namespaceSelector"] where peer[member] != nil {
            parts += 1
            errors += SelectorRules.errors(in: peer[member], "\(field).\(member)")
        }
        let block = peer["ipBlock"]
        if parts == 0, block == nil {
            errors.append(.required(field, "must specify a peer"))
        } else if parts > 0, block != nil {
            errors.append(.forbidden(field, "may not specify both ipBlock and another peer"))
        }
        if let block { errors += blockErrors(block, "\(field).ipBlock") }
        return errors
    }

    private static func blockErrors(_ block: JSONValue, _ field: String) -> [FieldError] {
        let text = block["cidr"]?.string ?? ""
        if text.isEmpty { return [.required("\(field).cidr")] }
        var errors = AddressRules.cidr(text, "\(field).cidr")
        let range = CIDR(text)
        for (index, exception) in (block["except"]?.array ?? []).enumerated() {
            let place = "\(field).except[\(index)]"
            let value = exception.string ?? ""
            let problems = AddressRules.cidr(value, place)
            errors += problems
            guard problems.isEmpty, let range, let hole = CIDR(value) else { continue }
            if !range.contains(hole) || hole.prefixLength <= range.prefixLength {
                errors.append(.invalid(place, .string(value), "must be a strict subset of `cidr`"))
            }
        }
        return errors
    }
}
