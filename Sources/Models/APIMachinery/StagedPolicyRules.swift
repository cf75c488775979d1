import ClusterAPI

/// Validation of StagedPolicy and ClusterStagedPolicy: the wrapped policy is held against the rules of its own kind.
enum StagedPolicyRules {
    /// The action is Set, the wrapped policy has the name of the object, and the defaults of its kind.
    static func setDefaults(_ object: inout JSONValue) {
        guard var spec = object["spec"], spec.object != nil else { return }
        if spec["action"] == nil { spec["action"] = "Set" }
        if var policy = spec["policy"], policy.object != nil {
            if policy["metadata"] == nil { policy["metadata"] = [:] }
            if policy["metadata"]?["name"]?.string?.isEmpty != false {
                policy["metadata"]?["name"] = object["metadata"]?["name"]
            }
            if spec["action"] == "Set" { kind(of: policy)?.setDefaults(&policy) }
            spec["policy"] = policy
        }
        object["spec"] = spec
    }

    static func errors(in object: JSONValue) -> [FieldError] { errors(in: object, WrappedPolicy.namespacedKinds) }

    static func clusterErrors(in object: JSONValue) -> [FieldError] { errors(in: object, WrappedPolicy.clusterKinds) }

    private static func errors(in object: JSONValue, _ kinds: [ResourceType]) -> [FieldError] {
        guard let spec = object["spec"], spec.object != nil else { return [.required("spec")] }
        var errors: [FieldError] = []
        let action = spec["action"] ?? "Set"
        if !["Set", "Delete"].contains(action) {
            errors.append(.notSupported("spec.action", action, ["Set", "Delete"]))
        }
        guard let policy = spec["policy"], policy.object != nil else {
            return errors + [.required("spec.policy", "give the whole manifest of the policy that is tried")]
        }
        let wrong = kindErrors(policy, kinds)
        guard wrong.isEmpty, let rules = kind(of: policy) else { return errors + wrong }
        errors += metadataErrors(policy, rules, of: object)
        // Of a policy that is thought away only kind and name count.
        guard action != "Delete" else { return errors }
        return errors + rules.errors(policy).filter { !$0.field.hasPrefix("metadata.") }.map { $0.below("spec.policy") }
    }

    private static func kindErrors(_ policy: JSONValue, _ kinds: [ResourceType]) -> [FieldError] {
        let version = policy["apiVersion"]?.string ?? ""
        let kind = policy["kind"]?.string ?? ""
        if kind.isEmpty {
            return [.required("spec.policy.kind", "one of: " + kinds.map(\.kind).joined(separator: ", "))]
        }
        guard let known = kinds.first(where: { $0.kind == kind }) else {
            return [.notSupported("spec.policy.kind", .string(kind), kinds.map(\.kind))]
        }
        if WrappedPolicy.resource(apiVersion: version, kind: kind) == known { return [] }
        if version.isEmpty { return [.required("spec.policy.apiVersion", known.apiVersion)] }
        return [.notSupported("spec.policy.apiVersion", .string(version), [known.apiVersion])]
    }

    private static func metadataErrors(
        _ policy: JSONValue, _ rules: Wrapped, of object: JSONValue
    ) -> [FieldError] {
        let metadata = policy["metadata"]?.object ?? [:]
        let own = object["metadata"]?["namespace"]?.string ?? ""
        let namespace = metadata["namespace"]?.string ?? ""
        var errors: [FieldError] = []
        if !namespace.isEmpty, namespace != own {
            let field = "spec.policy.metadata.namespace"
            errors.append(
                own.isEmpty
                    ? .forbidden(field, "policies of this kind have no namespace")
                    : .invalid(field, .string(namespace), "must be the namespace of this object, '\(own)'"))
        }
        let name = metadata["name"]?.string ?? ""
        errors += NameRules.dns1123Subdomain(name).map { .invalid("spec.policy.metadata.name", .string(name), $0) }
        errors += MetadataRules.labelErrors(metadata["labels"]?.object ?? [:], "spec.policy.metadata.labels")
        return errors + rules.errors(policy).filter { $0.field.hasPrefix("metadata.") }.map { $0.below("spec.policy") }
    }

    /// The rules of the kinds that can be wrapped.
    private struct Wrapped {
        var setDefaults: (inout JSONValue) -> Void = { _ in }
        let errors: (JSONValue) -> [FieldError]
    }

    private static func kind(of policy: JSONValue) -> Wrapped? {
        switch WrappedPolicy.resource(
            apiVersion: policy["apiVersion"]?.string ?? "", kind: policy["kind"]?.string ?? "")
        {
        case NetworkPolicy.resource:
            Wrapped(setDefaults: NetworkPolicyRules.setDefaults, errors: NetworkPolicyRules.errors)
        case Zone.resource: Wrapped(setDefaults: ZoneRules.setDefaults, errors: ZoneRules.errors)
        case EgressFirewall.resource: Wrapped(errors: EgressFirewallRules.firewallErrors)
        case EgressNetworkPolicy.resource: Wrapped(errors: EgressFirewallRules.policyErrors)
        case AdminNetworkPolicy.resource: Wrapped(errors: ClusterPolicyRules.adminErrors)
        case BaselineAdminNetworkPolicy.resource: Wrapped(errors: ClusterPolicyRules.baselineErrors)
        case ClusterNetworkPolicy.resource: Wrapped(errors: ClusterPolicyRules.clusterErrors)
        case MetadataAccess.resource: Wrapped(errors: MetadataAccessRules.errors)
        default: nil
        }
    }
}

extension FieldError {
    /// The same finding about an object that stands inside another one.
    func below(_ prefix: String) -> FieldError { FieldError(kind: kind, field: "\(prefix).\(field)", body: body) }
}
