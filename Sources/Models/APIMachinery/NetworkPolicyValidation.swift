package import ClusterAPI

/// The API server's rules for NetworkPolicy, for those who hold one as a value.
package enum NetworkPolicyValidation {
    /// What the server would refuse in a spec; empty for one that it accepts.
    package static func errors(in spec: NetworkPolicySpec?) -> [FieldError] {
        spec.map { NetworkPolicyRules.errors(in: ["spec": $0.document]) } ?? []
    }

    package static func isValid(_ selector: LabelSelector) -> Bool {
        SelectorRules.errors(in: selector.document, "").isEmpty
    }
}

extension NetworkPolicySpec {
    /// The spec as it stands in JSON.
    package var document: JSONValue {
        .members([
            "podSelector": podSelector?.document,
            "policyTypes": policyTypes.map { .array($0.map { .string($0.rawValue) }) },
            "ingress": ingress.map { .array($0.map { rule($0.ports, "from", $0.from) }) },
            "egress": egress.map { .array($0.map { rule($0.ports, "to", $0.to) }) },
        ])
    }

    private func rule(_ ports: [NetworkPolicyPort]?, _ field: String, _ peers: [NetworkPolicyPeer]?) -> JSONValue {
        .members([
            "ports": ports.map { .array($0.map(\.document)) }, field: peers.map { .array($0.map(\.document)) },
        ])
    }
}

extension NetworkPolicyPort {
    var document: JSONValue {
        .members([
            "protocol": self.protocol.map(JSONValue.string), "port": port?.document,
            "endPort": endPort.map { .int(Int64($0)) },
        ])
    }
}

extension IntOrString {
    fileprivate var document: JSONValue {
        switch self {
        case .int(let number): .int(Int64(number))
        case .string(let text): .string(text)
        }
    }
}

extension NetworkPolicyPeer {
    fileprivate var document: JSONValue {
        .members([
            "podSelector": podSelector?.document, "namespaceSelector": namespaceSelector?.document,
            "ipBlock": ipBlock.map { .members(["cidr": .string($0.cidr), "except": $0.except.map(JSONValue.texts)]) },
        ])
    }
}

extension LabelSelector {
    var document: JSONValue {
        .members([
            "matchLabels": matchLabels.map { .object($0.mapValues(JSONValue.string)) },
            "matchExpressions": matchExpressions.map { .array($0.map(\.document)) },
        ])
    }
}

extension LabelSelector.Requirement {
    fileprivate var document: JSONValue {
        .members([
            "key": .string(key), "operator": .string(`operator`.rawValue), "values": values.map(JSONValue.texts),
        ])
    }
}

extension JSONValue {
    /// An object of the members that there are.
    static func members(_ members: [String: JSONValue?]) -> JSONValue {
        .object(members.compactMapValues(\.self))
    }

    static func texts(_ texts: [String]) -> JSONValue { .array(texts.map(JSONValue.string)) }
}
