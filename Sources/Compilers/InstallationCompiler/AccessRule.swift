import ClusterAPI

/// What somebody may do with some kinds.
struct AccessRule: Hashable, Sendable {
    let group: String
    let resources: [String]
    let verbs: [String]
    var names: [String] = []
    /// Why, where the resources do not say it.
    var reason: String?

    static let reads = ["get", "list", "watch"]

    init(_ group: String, _ resources: [String], _ verbs: [String], names: [String] = [], _ reason: String? = nil) {
        self.group = group
        self.resources = resources
        self.verbs = verbs
        self.names = names
        self.reason = reason
    }

    var json: JSONValue {
        var members: [String: JSONValue] = [
            "apiGroups": [.string(group)], "resources": .array(resources.map(JSONValue.string)),
            "verbs": .array(verbs.map(JSONValue.string)),
        ]
        if !names.isEmpty { members["resourceNames"] = .array(names.map(JSONValue.string)) }
        return .object(members)
    }
}

/// A part of Gabion that asks the API, and all that it may.
struct ComponentRights: Sendable {
    /// Of its account, its roles and what binds them.
    let name: String
    let comment: [String]
    /// Who it is when it runs by a certificate, outside of pods.
    let certificate: (kind: String, name: String)
    let clusterRules: [AccessRule]
    /// In kube-system, where Leases and keys are.
    var systemRules: [AccessRule]
    var systemComment = "Leases, by which others see that it lives."

    /// - Parameter namespace: of its account.
    func manifests(namespace: String) -> [Manifest] {
        let subjects: JSONValue = [
            [
                "apiGroup": "rbac.authorization.k8s.io", "kind": .string(certificate.kind),
                "name": .string(certificate.name),
            ],
            ["kind": "ServiceAccount", "name": .string(name), "namespace": .string(namespace)],
        ]
        var result = [
            role("ClusterRole", clusterRules, in: nil, comment),
            binding("ClusterRoleBinding", to: "ClusterRole", subjects, in: nil),
        ]
        if !systemRules.isEmpty {
            result += [
                role("Role", systemRules, in: Self.systemNamespace, [systemComment]),
                binding("RoleBinding", to: "Role", subjects, in: Self.systemNamespace),
            ]
        }
        return result
    }

    private static let systemNamespace = "kube-system"
    private static let version = "rbac.authorization.k8s.io/v1"

    private func role(_ kind: String, _ rules: [AccessRule], in namespace: String?, _ comment: [String]) -> Manifest {
        let reasons = rules.enumerated().compactMap { place, rule in
            rule.reason.map { (["rules", "\(place)"], [$0]) }
        }
        return Manifest(
            Manifest.owned(Self.version, kind, name, in: namespace, ["rules": .array(rules.map(\.json))]),
            comment: comment, remarks: Dictionary(uniqueKeysWithValues: reasons))
    }

    private func binding(_ kind: String, to role: String, _ subjects: JSONValue, in namespace: String?) -> Manifest {
        let reference: JSONValue = [
            "apiGroup": "rbac.authorization.k8s.io", "kind": .string(role), "name": .string(name),
        ]
        return Manifest(
            Manifest.owned(Self.version, kind, name, in: namespace, ["roleRef": reference, "subjects": subjects]))
    }
}
