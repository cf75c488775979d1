import ClusterAPI
import NetworkTypes

/// Validation of k8s.ovn.org/v1 EgressFirewall and network.openshift.io/v1 EgressNetworkPolicy.
enum EgressFirewallRules {
    /// What one of the two kinds takes.
    private struct Dialect {
        let destinations: [String]
        let maximumRules: Int
        let hasPorts: Bool
    }

    private static let firewall = Dialect(
        destinations: ["cidrSelector", "dnsName", "nodeSelector"], maximumRules: 8000, hasPorts: true)
    private static let policy = Dialect(
        destinations: ["cidrSelector", "dnsName"], maximumRules: 1000, hasPorts: false)

    static func firewallErrors(in object: JSONValue) -> [FieldError] {
        var errors: [FieldError] = []
        if let name = object["metadata"]?["name"], name.string != "default" {
            errors.append(.invalid("metadata.name", name, "should match '^default$': a namespace has one"))
        }
        if object["spec"]?["egress"] == nil { errors.append(.required("spec.egress")) }
        return errors + ruleErrors(object, firewall)
    }

    static func policyErrors(in object: JSONValue) -> [FieldError] { ruleErrors(object, policy) }

    private static func ruleErrors(_ object: JSONValue, _ dialect: Dialect) -> [FieldError] {
        guard let rules = object["spec"]?["egress"] else { return [] }
        guard let rules = rules.array else { return [.typeInvalid("spec.egress", rules, "must be a list of rules")] }
        return ClusterPolicyRules.countErrors(rules, "spec.egress", dialect.maximumRules)
            + rules.enumerated().flatMap { ruleErrors($1, "spec.egress[\($0)]", dialect) }
    }

    private static func ruleErrors(_ rule: JSONValue, _ field: String, _ dialect: Dialect) -> [FieldError] {
        var errors: [FieldError] = []
        let type = rule["type"] ?? .string("")
        if !["Allow", "Deny"].contains(type.string ?? "") {
            errors.append(.notSupported("\(field).type", type, ["Allow", "Deny"]))
        }
        let to = rule["to"] ?? [:]
        errors += ClusterPolicyRules.choiceErrors(to, dialect.destinations, "\(field).to")
        for member in ["cidrSelector", "dnsName", "nodeSelector"]
        where to[member] != nil && !dialect.destinations.contains(member) {
            errors.append(.forbidden("\(field).to.\(member)", "is for EgressFirewalls"))
        }
        if let cidr = to["cidrSelector"] { errors += AddressRules.cidr(cidr.string ?? "", "\(field).to.cidrSelector") }
        if let name = to["dnsName"], !isName(name.string ?? "", dialect) {
            errors.append(.invalid("\(field).to.dnsName", name, "must be a domain name, or '*.' and a domain name"))
        }
        errors += SelectorRules.errors(in: to["nodeSelector"], "\(field).to.nodeSelector")
        guard let ports = rule["ports"] else { return errors }
        if !dialect.hasPorts { return errors + [.forbidden("\(field).ports", "is for EgressFirewalls")] }
        return errors
            + (ports.array ?? []).enumerated().flatMap { portErrors($1, "\(field).ports[\($0)]") }
    }

    /// `**.` and a name is an addition of ours.
    private static func isName(_ text: String, _ dialect: Dialect) -> Bool {
        let hasTwoStars = dialect.hasPorts && text.hasPrefix("**.")
        return ClusterPolicyRules.isDomainName(hasTwoStars ? String(text.dropFirst()) : text, labels: 1)
    }

    private static func portErrors(_ port: JSONValue, _ field: String) -> [FieldError] {
        var errors: [FieldError] = []
        let transport = port["protocol"] ?? .string("")
        if !PortRules.protocols.contains(transport.string ?? "") {
            errors.append(.notSupported("\(field).protocol", transport, ["TCP", "UDP", "SCTP"]))
        }
        guard let number = port["port"] else { return errors + [.required("\(field).port")] }
        guard let value = number.int else {
            return errors + [.invalid("\(field).port", number, "must be a port number")]
        }
        return errors + PortRules.number(value).map { .invalid("\(field).port", number, $0) }
    }
}
