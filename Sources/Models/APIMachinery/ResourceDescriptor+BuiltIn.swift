/// The kinds that are served without a CustomResourceDefinition.
extension ResourceDescriptor {
    package static let builtIn: [ResourceDescriptor] =
        core + networking + coordination + extensionsAndReviews + openShift + policies

    static let customResourceDefinition = ResourceDescriptor(
        GroupVersion(group: "apiextensions.k8s.io", version: "v1"), kind: "CustomResourceDefinition",
        plural: "customresourcedefinitions", shortNames: ["crd", "crds"], categories: ["api-extensions"],
        isNamespaced: false, hasStatus: true, columns: .customResourceDefinitions)

    /// For `kubectl auth can-i`.
    package static let selfSubjectAccessReview = review(
        "authorization.k8s.io", kind: "SelfSubjectAccessReview", plural: "selfsubjectaccessreviews")

    /// For `kubectl auth can-i --list`.
    package static let selfSubjectRulesReview = review(
        "authorization.k8s.io", kind: "SelfSubjectRulesReview", plural: "selfsubjectrulesreviews")

    /// For `kubectl auth whoami`.
    package static let selfSubjectReview = review(
        "authentication.k8s.io", kind: "SelfSubjectReview", plural: "selfsubjectreviews")

    /// Created, never stored: the server answers it itself.
    private static func review(_ group: String, kind: String, plural: String) -> ResourceDescriptor {
        var review = ResourceDescriptor(
            GroupVersion(group: group, version: "v1"), kind: kind, plural: plural, isNamespaced: false)
        review.verbs = ["create"]
        return review
    }

    private static let v1 = GroupVersion(group: "", version: "v1")

    /// Nobody deletes all namespaces at once.
    private static let namespaces: ResourceDescriptor = {
        var namespaces = ResourceDescriptor(
            v1, kind: "Namespace", plural: "namespaces", shortNames: ["ns"], isNamespaced: false, hasStatus: true,
            columns: .namespaces)
        namespaces.verbs.removeAll { $0 == "deletecollection" }
        return namespaces
    }()

    private static let core = [
        namespaces,
        ResourceDescriptor(
            v1, kind: "Node", plural: "nodes", shortNames: ["no"], isNamespaced: false, hasStatus: true, columns: .nodes
        ),
        ResourceDescriptor(
            v1, kind: "Pod", plural: "pods", shortNames: ["po"], categories: ["all"], isNamespaced: true,
            hasStatus: true,
            columns: .pods),
        ResourceDescriptor(
            v1, kind: "Service", plural: "services", shortNames: ["svc"], categories: ["all"], isNamespaced: true,
            hasStatus: true, columns: .services),
        ResourceDescriptor(
            v1, kind: "Endpoints", plural: "endpoints", shortNames: ["ep"], isNamespaced: true, columns: .endpoints),
        ResourceDescriptor(
            v1, kind: "ConfigMap", plural: "configmaps", shortNames: ["cm"], isNamespaced: true, columns: .configMaps),
        ResourceDescriptor(v1, kind: "Secret", plural: "secrets", isNamespaced: true, columns: .secrets),
        ResourceDescriptor(
            v1, kind: "ServiceAccount", plural: "serviceaccounts", shortNames: ["sa"], isNamespaced: true,
            columns: .serviceAccounts),
        ResourceDescriptor(
            v1, alsoServed: [GroupVersion(group: "events.k8s.io", version: "v1")], kind: "Event", plural: "events",
            shortNames: ["ev"], isNamespaced: true, columns: .events),
    ]

    private static let networking = [
        ResourceDescriptor(
            GroupVersion(group: "networking.k8s.io", version: "v1"),
            alsoServed: [GroupVersion(group: "extensions", version: "v1beta1")], kind: "NetworkPolicy",
            plural: "networkpolicies", shortNames: ["netpol"], isNamespaced: true, columns: .networkPolicies),
        ResourceDescriptor(
            GroupVersion(group: "networking.k8s.io", version: "v1"), kind: "Ingress", plural: "ingresses",
            shortNames: ["ing"], isNamespaced: true, hasStatus: true, columns: .ingresses),
        ResourceDescriptor(
            GroupVersion(group: "networking.k8s.io", version: "v1"), kind: "IngressClass", plural: "ingressclasses",
            isNamespaced: false, columns: .ingressClasses),
        ResourceDescriptor(
            GroupVersion(group: "discovery.k8s.io", version: "v1"), kind: "EndpointSlice", plural: "endpointslices",
            isNamespaced: true, columns: .endpointSlices),
    ]

    private static let coordination = [
        ResourceDescriptor(
            GroupVersion(group: "coordination.k8s.io", version: "v1"), kind: "Lease", plural: "leases",
            isNamespaced: true, columns: .leases)
    ]

    private static let extensionsAndReviews = [
        customResourceDefinition, selfSubjectAccessReview, selfSubjectRulesReview, selfSubjectReview,
    ]

    private static let openShiftNetwork = GroupVersion(group: "network.openshift.io", version: "v1")

    private static let openShift = [
        ResourceDescriptor(
            openShiftNetwork, kind: "ClusterNetwork", plural: "clusternetworks", isNamespaced: false,
            columns: .clusterNetworks),
        ResourceDescriptor(
            openShiftNetwork, kind: "HostSubnet", plural: "hostsubnets", isNamespaced: false, columns: .hostSubnets),
        ResourceDescriptor(
            openShiftNetwork, kind: "NetNamespace", plural: "netnamespaces", isNamespaced: false,
            columns: .netNamespaces),
        ResourceDescriptor(
            openShiftNetwork, kind: "EgressNetworkPolicy", plural: "egressnetworkpolicies", isNamespaced: true),
        ResourceDescriptor(
            GroupVersion(group: "route.openshift.io", version: "v1"), kind: "Route", plural: "routes",
            categories: ["all"], isNamespaced: true, hasStatus: true, columns: .routes),
    ]

    private static let ovn = GroupVersion(group: "k8s.ovn.org", version: "v1")
    private static let gabion = GroupVersion(group: "gabion.io", version: "v1")

    private static let policies = [
        ResourceDescriptor(
            GroupVersion(group: "policy.networking.k8s.io", version: "v1alpha1"), kind: "AdminNetworkPolicy",
            plural: "adminnetworkpolicies", shortNames: ["anp"], isNamespaced: false, hasStatus: true,
            columns: .prioritized),
        ResourceDescriptor(
            GroupVersion(group: "policy.networking.k8s.io", version: "v1alpha1"), kind: "BaselineAdminNetworkPolicy",
            plural: "baselineadminnetworkpolicies", shortNames: ["banp"], isNamespaced: false, hasStatus: true),
        ResourceDescriptor(
            GroupVersion(group: "policy.networking.k8s.io", version: "v1alpha2"), kind: "ClusterNetworkPolicy",
            plural: "clusternetworkpolicies", shortNames: ["cnp"], isNamespaced: false, hasStatus: true,
            columns: .tiered),
        ResourceDescriptor(
            ovn, kind: "EgressFirewall", plural: "egressfirewalls", isNamespaced: true, hasStatus: true,
            columns: .egressFirewalls),
        ResourceDescriptor(
            ovn, kind: "EgressIP", plural: "egressips", shortNames: ["eip"], isNamespaced: false, hasStatus: true,
            columns: .egressIPs),
        ResourceDescriptor(
            gabion, kind: "Zone", plural: "zones", isNamespaced: false, hasStatus: true, columns: .zones),
        ResourceDescriptor(
            gabion, kind: "ExternalIPPolicy", plural: "externalippolicies", isNamespaced: false, hasStatus: true,
            columns: .externalIPPolicies),
        ResourceDescriptor(
            gabion, kind: "FailoverGroup", plural: "failovergroups", isNamespaced: false, hasStatus: true,
            columns: .failoverGroups),
        ResourceDescriptor(
            gabion, kind: "MetadataAccess", plural: "metadataaccesses", isNamespaced: false, hasStatus: false,
            columns: .metadataAccesses),
        ResourceDescriptor(
            gabion, kind: "EgressNode", plural: "egressnodes", isNamespaced: false, hasStatus: true,
            columns: .egressNodes),
        ResourceDescriptor(
            gabion, kind: "StagedPolicy", plural: "stagedpolicies", isNamespaced: true, hasStatus: true,
            columns: .stagedPolicies),
        ResourceDescriptor(
            gabion, kind: "EgressGateway", plural: "egressgateways", isNamespaced: true, hasStatus: true,
            columns: .egressGateways),
        ResourceDescriptor(
            gabion, kind: "ClusterStagedPolicy", plural: "clusterstagedpolicies", isNamespaced: false, hasStatus: true,
            columns: .stagedPolicies),
    ]
}
