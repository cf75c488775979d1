import ClusterAPI

extension RandomPolicies {
    /// Cluster-wide policies of every kind and tier.
    mutating func makeTiers() -> [JSONValue] {
        let admins = (0..<2).map { number in
            Self.object(
                "AdminNetworkPolicy", "v1alpha1", "admin-\(number)",
                adminSpec(["Allow", "Deny", "Pass"], priority: number * 10))
        }
        let clusters = ["Admin", "Baseline"].map { tier in
            Self.object("ClusterNetworkPolicy", "v1alpha2", "cluster-\(tier.lowercased())", clusterSpec(tier))
        }
        let baseline = Self.object(
            "BaselineAdminNetworkPolicy", "v1alpha1", "default", adminSpec(["Allow", "Deny"], priority: nil))
        return admins + clusters + [baseline]
    }

    private static func object(_ kind: String, _ version: String, _ name: String, _ spec: JSONValue) -> JSONValue {
        [
            "apiVersion": .string("policy.networking.k8s.io/\(version)"), "kind": .string(kind),
            "metadata": ["name": .string(name)], "spec": spec,
        ]
    }

    private mutating func adminSpec(_ actions: [String], priority: Int?) -> JSONValue {
        var spec: [String: JSONValue] = ["subject": subject()]
        if let priority { spec["priority"] = .int(Int64(priority)) }
        spec["ingress"] = .array((0..<3).map { _ in rule("from", actions, "ports", adminPort()) })
        spec["egress"] = .array((0..<3).map { _ in rule("to", actions, "ports", adminPort()) })
        return .object(spec)
    }

    private mutating func clusterSpec(_ tier: String) -> JSONValue {
        let actions = ["Accept", "Deny", "Pass"]
        return [
            "tier": .string(tier), "priority": 5, "subject": subject(),
            "ingress": .array((0..<3).map { _ in rule("from", actions, "protocols", transport()) }),
            "egress": .array((0..<3).map { _ in rule("to", actions, "protocols", transport()) }),
        ]
    }

    private mutating func subject() -> JSONValue {
        chance(50) ? ["namespaces": namespaceSelector()] : ["pods": pods()]
    }

    private mutating func pods() -> JSONValue {
        ["namespaceSelector": namespaceSelector(), "podSelector": selector()]
    }

    private mutating func rule(_ side: String, _ actions: [String], _ list: String, _ port: JSONValue) -> JSONValue {
        let hasPort = chance(60)
        // Only pods have ports with names.
        let isPlain = side == "from" || hasPort
        var rule: [String: JSONValue] = [
            "action": .string(pick(actions)),
            side: .array((0...Int.random(in: 0...1, using: &generator)).map { _ in peer(plain: isPlain) }),
        ]
        if hasPort { rule[list] = [port] }
        return .object(rule)
    }

    private mutating func peer(plain: Bool) -> JSONValue {
        switch Int.random(in: 0..<(plain ? 2 : 4), using: &generator) {
        case 0: ["namespaces": namespaceSelector()]
        case 1: ["pods": pods()]
        case 2: ["networks": [.string(pick(networks))]]
        default: ["nodes": [:]]
        }
    }

    private mutating func adminPort() -> JSONValue {
        switch Int.random(in: 0..<4, using: &generator) {
        case 0: ["namedPort": .string("p\(pick(Self.ports))")]
        case 1: ["portRange": ["protocol": "TCP", "start": 8000, "end": 8999]]
        case 2: ["portNumber": ["protocol": "UDP", "port": 8080]]
        default: ["portNumber": ["protocol": "TCP", "port": .int(Int64(pick(Self.ports)))]]
        }
    }

    private mutating func transport() -> JSONValue {
        switch Int.random(in: 0..<4, using: &generator) {
        case 0: ["destinationNamedPort": .string("p\(pick(Self.ports))")]
        case 1: ["udp": ["destinationPort": ["number": 8080]]]
        case 2: ["tcp": ["destinationPort": ["range": ["start": 9000, "end": 9999]]]]
        default: ["tcp": ["destinationPort": ["number": .int(Int64(pick(Self.ports)))]]]
        }
    }
}
