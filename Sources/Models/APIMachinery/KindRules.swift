import ClusterAPI

/// What the server does with objects of one kind beyond the rules for all.
struct KindRules: Sendable {
    /// False for the kinds that never carried a generation.
    var hasGeneration = true
    /// True where clients may set the status when they create, as nodes do.
    var keepsStatusOnCreate = false
    var nameProblems: @Sendable (String) -> [String] = NameRules.dns1123Subdomain
    var setDefaults: @Sendable (inout JSONValue) -> Void = { _ in }
    var errors: @Sendable (JSONValue) -> [FieldError] = { _ in [] }
    /// Given the new and the stored object.
    var updateErrors: @Sendable (JSONValue, JSONValue) -> [FieldError] = { _, _ in [] }

    static func of(_ resource: ResourceDescriptor) -> KindRules {
        guard resource.customResourceDefinition == nil else { return KindRules(nameProblems: pathSegment) }
        return table[resource.kind] ?? KindRules()
    }

    private static let table: [String: KindRules] = [
        "Namespace": KindRules(
            hasGeneration: false, nameProblems: NameRules.dns1123Label, setDefaults: NamespaceRules.setDefaults),
        "NetworkPolicy": KindRules(
            setDefaults: NetworkPolicyRules.setDefaults, errors: NetworkPolicyRules.errors),
        "CustomResourceDefinition": KindRules(errors: CustomResourceDefinitionRules.errors),
    ]

    /// Names of custom resources need only be safe in a URL path, though the API asks for a subdomain.
    private static func pathSegment(_ name: String) -> [String] { NameRules.dns1123Subdomain(name) }
}
