package import ClusterAPI

/// The rules for egress firewalls, for those who hold one as a value.
package enum EgressFirewallValidation {
    /// What is wrong with one on its own; empty for one that the API accepts.
    package static func errors(in firewall: EgressFirewall) -> [FieldError] {
        EgressFirewallRules.firewallErrors(in: document(firewall.metadata, firewall.spec))
    }

    package static func errors(in policy: EgressNetworkPolicy) -> [FieldError] {
        EgressFirewallRules.policyErrors(in: document(policy.metadata, policy.spec))
    }

    private static func document(_ metadata: ObjectMeta, _ spec: EgressFirewallSpec?) -> JSONValue {
        .members([
            "metadata": .members(["name": metadata.name.map(JSONValue.string)]),
            "spec": spec.map { spec in .members(["egress": spec.egress.map { .array($0.map(\.document)) }]) },
        ])
    }
}

extension EgressFirewallSpec.Rule {
    fileprivate var document: JSONValue {
        .members([
            "type": .string(type), "to": to?.document,
            "ports": ports.map { ports in
                .array(ports.map { ["protocol": .string($0.protocol), "port": .int(Int64($0.port))] })
            },
        ])
    }
}

extension EgressFirewallSpec.Destination {
    fileprivate var document: JSONValue {
        .members([
            "cidrSelector": cidrSelector.map(JSONValue.string), "dnsName": dnsName.map(JSONValue.string),
            "nodeSelector": nodeSelector?.document,
        ])
    }
}
