import ClusterAPI

/// What the server does with objects of one kind beyond the rules for all.
struct KindRules: Sendable {
    /// False for the kinds that never carried a generation.
    var hasGeneration = true
    /// True where clients may set the status when they create, as nodes do.
    var keepsStatusOnCreate = false
    var nameProblems: @Sendable (String) -> [String] = NameRules.dns1123Subdomain
    /// Given the new object before defaults and the stored one: what a replacement that is silent about it keeps.
    var carryOver: @Sendable (inout JSONValue, JSONValue) -> Void = { _, _ in }
    var setDefaults: @Sendable (inout JSONValue) -> Void = { _ in }
    var errors: @Sendable (JSONValue) -> [FieldError] = { _ in [] }
    /// Given the new and the stored object.
    var updateErrors: @Sendable (JSONValue, JSONValue) -> [FieldError] = { _, _ in [] }

    static func of(_ resource: ResourceDescriptor) -> KindRules {
        let known = resource.customResourceDefinition == nil ? table[resource.kind] : nil
        return known ?? KindRules()
    }

    private static let table: [String: KindRules] = [
        "Namespace": KindRules(
            hasGeneration: false, nameProblems: NameRules.dns1123Label, setDefaults: NamespaceRules.setDefaults),
        "Node": KindRules(
            hasGeneration: false, keepsStatusOnCreate: true, setDefaults: NodeRules.setDefaults,
            errors: NodeRules.errors),
        "Pod": KindRules(
            setDefaults: PodRules.setDefaults, errors: PodRules.errors, updateErrors: PodRules.updateErrors),
        "Service": KindRules(
            hasGeneration: false, nameProblems: NameRules.dns1035Label, carryOver: ServiceRules.carryOver,
            setDefaults: ServiceRules.setDefaults, errors: ServiceRules.errors,
            updateErrors: ServiceRules.updateErrors),
        "Endpoints": KindRules(
            hasGeneration: false, setDefaults: EndpointRules.setDefaults, errors: EndpointRules.errors),
        "EndpointSlice": KindRules(
            setDefaults: EndpointRules.setSliceDefaults, errors: EndpointRules.sliceErrors,
            updateErrors: EndpointRules.sliceUpdateErrors),
        "ConfigMap": KindRules(
            hasGeneration: false, errors: DataRules.errors, updateErrors: DataRules.updateErrors),
        "Secret": KindRules(
            hasGeneration: false, setDefaults: DataRules.setSecretDefaults, errors: DataRules.secretErrors,
            updateErrors: DataRules.secretUpdateErrors),
        "ServiceAccount": KindRules(hasGeneration: false),
        "Event": KindRules(
            hasGeneration: false, setDefaults: RecordRules.setEventDefaults, errors: RecordRules.eventErrors),
        "Lease": KindRules(hasGeneration: false, errors: RecordRules.leaseErrors),
        "NetworkPolicy": KindRules(
            setDefaults: NetworkPolicyRules.setDefaults, errors: NetworkPolicyRules.errors),
        "AdminNetworkPolicy": KindRules(errors: ClusterPolicyRules.adminErrors),
        "BaselineAdminNetworkPolicy": KindRules(errors: ClusterPolicyRules.baselineErrors),
        "ClusterNetworkPolicy": KindRules(errors: ClusterPolicyRules.clusterErrors),
        "Zone": KindRules(setDefaults: ZoneRules.setDefaults, errors: ZoneRules.errors),
        "EgressFirewall": KindRules(errors: EgressFirewallRules.firewallErrors),
        "MetadataAccess": KindRules(errors: { MetadataAccessRules.errors(in: $0) }),
        "EgressNetworkPolicy": KindRules(hasGeneration: false, errors: EgressFirewallRules.policyErrors),
        "StagedPolicy": KindRules(setDefaults: StagedPolicyRules.setDefaults, errors: StagedPolicyRules.errors),
        "ClusterStagedPolicy": KindRules(
            setDefaults: StagedPolicyRules.setDefaults, errors: StagedPolicyRules.clusterErrors),
        "ExternalIPPolicy": KindRules(errors: ExternalIPPolicyRules.errors),
        "FailoverGroup": KindRules(errors: FailoverGroupRules.errors),
        "EgressIP": KindRules(errors: EgressAddressRules.egressIPErrors),
        "EgressNode": KindRules(errors: EgressAddressRules.egressNodeErrors),
        "EgressGateway": KindRules(nameProblems: NameRules.dns1035Label, errors: { EgressGatewayRules.errors(in: $0) }),
        "CustomResourceDefinition": KindRules(
            setDefaults: CustomResourceDefinitionRules.setDefaults, errors: CustomResourceDefinitionRules.errors,
            updateErrors: CustomResourceDefinitionRules.updateErrors),
        "ClusterNetwork": KindRules(hasGeneration: false, errors: OpenShiftNetworkRules.clusterNetworkErrors),
        "HostSubnet": KindRules(
            hasGeneration: false, errors: OpenShiftNetworkRules.hostSubnetErrors,
            updateErrors: OpenShiftNetworkRules.hostSubnetUpdateErrors),
        "NetNamespace": KindRules(hasGeneration: false, errors: OpenShiftNetworkRules.netNamespaceErrors),
    ]
}
