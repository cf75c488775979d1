import ClusterAPI
import TestRandom

/// Policies over the labels `app`, `tier` and the namespaces of the random suite.
struct RandomPolicies {
    var generator: SeededGenerator
    /// Networks that occur in the lab, for ipBlocks.
    let networks: [String]

    static let namespaces = ["red", "green", "blue"]
    static let apps = ["web", "api", "db"]
    static let tiers = ["front", "back"]
    static let ports = [8080, 9090]

    mutating func make(count: Int) -> [JSONValue] {
        (0..<count).map { number in
            SuiteLab.policy("random-\(number)", in: pick(Self.namespaces), spec: spec())
        }
    }

    private mutating func spec() -> JSONValue {
        var spec: [String: JSONValue] = ["podSelector": chance(25) ? [:] : selector()]
        switch Int.random(in: 0..<4, using: &generator) {
        case 0: spec["policyTypes"] = ["Ingress"]
        case 1: spec["policyTypes"] = ["Egress"]
        case 2: spec["policyTypes"] = ["Ingress", "Egress"]
        default: break
        }
        if chance(80) { spec["ingress"] = .array(rules("from")) }
        if chance(60) { spec["egress"] = .array(rules("to")) }
        return .object(spec)
    }

    private mutating func rules(_ side: String) -> [JSONValue] {
        (0..<Int.random(in: 0...2, using: &generator)).map { _ in
            var rule: [String: JSONValue] = [:]
            if chance(85) { rule[side] = .array((0...Int.random(in: 0...1, using: &generator)).map { _ in peer() }) }
            if chance(60) { rule["ports"] = [port()] }
            return .object(rule)
        }
    }

    private mutating func peer() -> JSONValue {
        switch Int.random(in: 0..<5, using: &generator) {
        case 0: return ["podSelector": selector()]
        case 1: return ["namespaceSelector": namespaceSelector()]
        case 2: return ["podSelector": selector(), "namespaceSelector": namespaceSelector()]
        case 3: return ["ipBlock": ["cidr": .string(pick(networks))]]
        default:
            let wide = networks[0]
            let narrow = networks.dropFirst().randomElement(using: &generator) ?? wide
            return ["ipBlock": ["cidr": .string(wide), "except": [.string(narrow)]]]
        }
    }

    mutating func selector() -> JSONValue {
        switch Int.random(in: 0..<5, using: &generator) {
        case 0: ["matchLabels": ["app": .string(pick(Self.apps))]]
        case 1: ["matchLabels": ["tier": .string(pick(Self.tiers))]]
        case 2: ["matchExpressions": [["key": "app", "operator": "NotIn", "values": [.string(pick(Self.apps))]]]]
        case 3: ["matchExpressions": [["key": "tier", "operator": chance(50) ? "Exists" : "DoesNotExist"]]]
        default: [:]
        }
    }

    mutating func namespaceSelector() -> JSONValue {
        chance(30)
            ? [:]
            : ["matchLabels": ["kubernetes.io/metadata.name": .string(pick(Self.namespaces))]]
    }

    private mutating func port() -> JSONValue {
        switch Int.random(in: 0..<5, using: &generator) {
        case 0: ["port": .int(Int64(pick(Self.ports)))]
        case 1: ["port": .string("p\(pick(Self.ports))")]
        case 2: ["port": 8000, "endPort": 8999]
        case 3: ["protocol": "UDP"]
        default: ["protocol": "TCP"]
        }
    }

    mutating func chance(_ percent: Int) -> Bool { Int.random(in: 0..<100, using: &generator) < percent }

    mutating func pick<Element>(_ choices: [Element]) -> Element {
        choices[Int.random(in: 0..<choices.count, using: &generator)]
    }
}
