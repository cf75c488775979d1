package import ClusterAPI

/// The rules that the Kubernetes API server holds a NetworkPolicy against, with its field paths.
package enum NetworkPolicyValidation {
    /// Everything that is wrong, in document order; empty for a policy that the API accepts.
    package static func errors(in policy: NetworkPolicy) -> [PolicyFieldError] {
        metadataErrors(policy.metadata) + specErrors(policy.spec)
    }

    /// Name and namespace as the API wants them.
    static func metadataErrors(_ metadata: ObjectMeta) -> [PolicyFieldError] {
        let path = FieldPath()["metadata"]
        var errors: [PolicyFieldError] = []
        if let name = metadata.name, !name.isEmpty {
            if !LabelSyntax.isSubdomain(name) { errors.append(.invalid(path["name"], name, LabelSyntax.subdomainRule)) }
        } else if (metadata.generateName ?? "").isEmpty {
            errors.append(.required(path["name"], "name or generateName is required"))
        }
        return errors + labelErrors(metadata.labels ?? [:], path["labels"])
    }

    /// `spec` alone: what decides whether a policy can be interpreted.
    package static func specErrors(_ spec: NetworkPolicySpec?) -> [PolicyFieldError] {
        guard let spec else { return [] }
        let path = FieldPath()["spec"]
        var errors = spec.podSelector.map { selectorErrors($0, path["podSelector"]) } ?? []
        for (index, rule) in (spec.ingress ?? []).enumerated() {
            let path = path["ingress"][index]
            errors += ruleErrors(ports: rule.ports ?? [], peers: rule.from ?? [], path, peersField: "from")
        }
        for (index, rule) in (spec.egress ?? []).enumerated() {
            let path = path["egress"][index]
            errors += ruleErrors(ports: rule.ports ?? [], peers: rule.to ?? [], path, peersField: "to")
        }
        return errors + typeErrors(spec.policyTypes ?? [], path["policyTypes"])
    }

    private static func ruleErrors(
        ports: [NetworkPolicyPort], peers: [NetworkPolicyPeer], _ path: FieldPath, peersField: String
    ) -> [PolicyFieldError] {
        ports.enumerated().flatMap { portErrors($0.element, path["ports"][$0.offset]) }
            + peers.enumerated().flatMap { peerErrors($0.element, path[peersField][$0.offset]) }
    }

    private static func typeErrors(_ types: [NetworkPolicySpec.PolicyType], _ path: FieldPath) -> [PolicyFieldError] {
        if types.count > 2 {
            let list = types.map(\.rawValue).joined(separator: ",")
            return [.invalid(path, list, "may not specify more than two policyTypes")]
        }
        return types.enumerated().compactMap { index, type in
            guard case .unknown(let text) = type else { return nil }
            return .unsupported(path[index], text, ["Egress", "Ingress"])
        }
    }
}
