package import ClusterAPI

/// The rules for the cluster-wide policies of policy.networking.k8s.io, for those who hold one as a value.
package enum ClusterPolicyValidation {
    /// What is wrong with a policy, its name's syntax and its labels apart; empty for one that the API accepts.
    package static func errors(in policy: AdminNetworkPolicy) -> [FieldError] {
        ClusterPolicyRules.adminErrors(in: document(policy.metadata, policy.spec?.document))
    }

    package static func errors(in policy: BaselineAdminNetworkPolicy) -> [FieldError] {
        ClusterPolicyRules.baselineErrors(in: document(policy.metadata, policy.spec?.document))
    }

    package static func errors(in policy: ClusterNetworkPolicy) -> [FieldError] {
        ClusterPolicyRules.clusterErrors(in: document(policy.metadata, policy.spec?.document))
    }

    private static func document(_ metadata: ObjectMeta, _ spec: JSONValue?) -> JSONValue {
        .members(["metadata": .members(["name": metadata.name.map(JSONValue.string)]), "spec": spec])
    }
}

extension FieldError {
    /// True if the field can be understood all the same: it is only more than the API takes.
    package var isAboutSize: Bool { [.tooMany, .tooLong, .duplicate].contains(kind) }
}

extension AdminNetworkPolicySpec {
    fileprivate var document: JSONValue {
        .members([
            "priority": priority.map { .int(Int64($0)) }, "subject": subject?.document,
            "ingress": ingress.map { .array($0.map(\.document)) }, "egress": egress.map { .array($0.map(\.document)) },
        ])
    }
}

extension AdminNetworkPolicySpec.Rule {
    fileprivate var document: JSONValue {
        .members([
            "name": name.map(JSONValue.string), "action": .string(action),
            "from": from.map { .array($0.map(\.document)) }, "to": to.map { .array($0.map(\.document)) },
            "ports": ports.map { .array($0.map(\.document)) },
        ])
    }
}

extension AdminNetworkPolicySpec.Port {
    fileprivate var document: JSONValue {
        .members([
            "portNumber": portNumber.map { number in
                .members(["protocol": number.protocol.map(JSONValue.string), "port": .int(Int64(number.port))])
            },
            "namedPort": namedPort.map(JSONValue.string),
            "portRange": portRange.map { range in
                .members([
                    "protocol": range.protocol.map(JSONValue.string), "start": .int(Int64(range.start)),
                    "end": .int(Int64(range.end)),
                ])
            },
        ])
    }
}

extension ClusterNetworkPolicySpec {
    fileprivate var document: JSONValue {
        .members([
            "tier": tier.map(JSONValue.string), "priority": priority.map { .int(Int64($0)) },
            "subject": subject?.document,
            "ingress": ingress.map { .array($0.map(\.document)) }, "egress": egress.map { .array($0.map(\.document)) },
        ])
    }
}

extension ClusterNetworkPolicySpec.Rule {
    fileprivate var document: JSONValue {
        .members([
            "name": name.map(JSONValue.string), "action": .string(action),
            "from": from.map { .array($0.map(\.document)) }, "to": to.map { .array($0.map(\.document)) },
            "protocols": protocols.map { .array($0.map(\.document)) },
        ])
    }
}

extension ClusterNetworkPolicySpec.TransportMatch {
    fileprivate var document: JSONValue {
        .members([
            "tcp": tcp?.document, "udp": udp?.document, "sctp": sctp?.document,
            "destinationNamedPort": destinationNamedPort.map(JSONValue.string),
        ])
    }
}

extension ClusterNetworkPolicySpec.Ports {
    fileprivate var document: JSONValue {
        .members([
            "destinationPort": destinationPort.map { port in
                .members([
                    "number": port.number.map { .int(Int64($0)) },
                    "range": port.range.map {
                        .members(["start": .int(Int64($0.start)), "end": .int(Int64($0.end))])
                    },
                ])
            }
        ])
    }
}

extension ClusterPolicySubject {
    var document: JSONValue {
        .members(["namespaces": namespaces?.document, "pods": pods?.document])
    }
}

extension NamespacedPods {
    fileprivate var document: JSONValue {
        .members(["namespaceSelector": namespaceSelector?.document, "podSelector": podSelector?.document])
    }
}

extension ClusterPolicyPeer {
    fileprivate var document: JSONValue {
        .members([
            "namespaces": namespaces?.document, "pods": pods?.document, "nodes": nodes?.document,
            "networks": networks.map(JSONValue.texts), "domainNames": domainNames.map(JSONValue.texts),
        ])
    }
}
