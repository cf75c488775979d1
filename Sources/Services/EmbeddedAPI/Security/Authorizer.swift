import APIMachinery
import ClusterAPI

/// The built-in roles.
///
/// Pure but for one question: on which node a pod is.
struct Authorizer: Sendable {
    /// The node that a pod is bound to; nil when there is no such pod or it has none.
    let nodeOfPod: @Sendable (_ namespace: String, _ name: String) -> String?

    private static let reads: Set<String> = ["get", "list", "watch"]

    /// What the network is made of, by qualified plural.
    private static let nodeReads: Set<String> = [
        "pods", "namespaces", "nodes", "services", "endpoints", "events", "events.events.k8s.io",
        "networkpolicies.networking.k8s.io", "networkpolicies.extensions", "endpointslices.discovery.k8s.io",
        "leases.coordination.k8s.io", "hostsubnets.network.openshift.io", "netnamespaces.network.openshift.io",
        "clusternetworks.network.openshift.io", "egressnetworkpolicies.network.openshift.io",
        "adminnetworkpolicies.policy.networking.k8s.io", "baselineadminnetworkpolicies.policy.networking.k8s.io",
        "clusternetworkpolicies.policy.networking.k8s.io", "egressfirewalls.k8s.ovn.org", "egressips.k8s.ovn.org",
        "zones.gabion.io", "stagedpolicies.gabion.io", "clusterstagedpolicies.gabion.io",
        "externalippolicies.gabion.io", "failovergroups.gabion.io", "metadataaccesses.gabion.io",
        "egressnodes.gabion.io",
    ]
    private static let controllerWrites: Set<String> = [
        "hostsubnets.network.openshift.io", "netnamespaces.network.openshift.io",
        "clusternetworks.network.openshift.io", "endpointslices.discovery.k8s.io", "endpoints",
        "nodes", "leases.coordination.k8s.io", "events", "events.events.k8s.io", "egressnodes.gabion.io",
    ]
    private static let controllerStatuses: Set<String> = [
        "zones.gabion.io", "externalippolicies.gabion.io", "stagedpolicies.gabion.io",
        "clusterstagedpolicies.gabion.io", "egressgateways.gabion.io", "egressfirewalls.k8s.ovn.org",
        "egressips.k8s.ovn.org", "services",
    ]
    /// Everybody may ask what they may.
    private static let reviews: Set<String> = [
        "selfsubjectaccessreviews.authorization.k8s.io", "selfsubjectrulesreviews.authorization.k8s.io",
        "selfsubjectreviews.authentication.k8s.io",
    ]
    /// The Leases by which a node shows that it lives: its kubelet's, its agent's, and for its egress addresses.
    private static func isOwnLease(_ request: AccessRequest, of node: String) -> Bool {
        (request.namespace == "kube-node-lease" && request.name == node)
            || (request.namespace == "kube-system" && request.name == "gabion-agent-" + node)
            || (request.namespace == EgressNode.leaseNamespace && request.name == EgressNode.leasePrefix + node)
    }

    /// By their names: what nodes sign their VRRP with is known to all of them.
    private static func isFailoverSecret(_ request: AccessRequest) -> Bool {
        request.qualifiedPlural == "secrets" && request.subresource == nil
            && request.namespace == FailoverGroup.secretNamespace
            && request.name?.hasPrefix(FailoverGroup.secretPrefix) == true
    }

    func allows(_ request: AccessRequest, by identity: Identity) -> Bool {
        if identity.groups.contains(Identity.mastersGroup) { return true }
        if Self.reviews.contains(request.qualifiedPlural) { return request.verb == "create" }
        if identity.groups.contains(Identity.readersGroup), Self.mayRead(request) { return true }
        if identity.groups.contains(Identity.controllersGroup), allowsController(request) { return true }
        if let node = identity.nodeName {
            if allows(request, byNode: node) { return true }
            if identity.groups.contains(Identity.containersGroup), allows(request, byRunnerOf: node) { return true }
        }
        if let gateway = identity.gateway, Self.allows(request, by: gateway) { return true }
        return false
    }

    /// Paths without objects: discovery, OpenAPI, the version.
    ///
    /// Metrics are for readers and above; what is nowhere is told to administrators alone.
    func allowsPath(_ target: RequestTarget, by identity: Identity) -> Bool {
        if target == .unknown { return identity.groups.contains(Identity.mastersGroup) }
        guard target == .metrics else { return true }
        return !identity.groups.isDisjoint(with: [Identity.mastersGroup, Identity.readersGroup])
    }

    private static func mayRead(_ request: AccessRequest) -> Bool {
        reads.contains(request.verb) && request.resource != "secrets"
    }

    /// Decides on node subnets, namespace ids and the endpoints of services: reads what readers may, writes those objects,
    /// leases and events, what it found about zones and policies of external IPs, and the addresses of load balancers.
    private func allowsController(_ request: AccessRequest) -> Bool {
        if request.subresource == "status", Self.controllerStatuses.contains(request.qualifiedPlural) { return true }
        return Self.mayRead(request) || Self.controllerWrites.contains(request.qualifiedPlural)
    }

    /// A gateway's pod reads the gateways of its namespace, and says of its own gateway how it is served.
    private static func allows(_ request: AccessRequest, by gateway: (namespace: String, name: String)) -> Bool {
        guard request.namespace == gateway.namespace else { return false }
        switch (request.qualifiedPlural, request.subresource) {
        case ("egressgateways.gabion.io", nil): return reads.contains(request.verb)
        case ("egressgateways.gabion.io", "status"): return request.name == gateway.name && request.verb == "patch"
        default: return false
        }
    }

    /// Without a kubelet an agent makes its containers' pods, binds those that wait for a node, and takes its own away.
    private func allows(_ request: AccessRequest, byRunnerOf node: String) -> Bool {
        switch (request.qualifiedPlural, request.subresource, request.verb) {
        case ("pods", nil, "create"): return true
        case ("pods", "binding", "create"):
            guard let namespace = request.namespace, let name = request.name else { return false }
            return nodeOfPod(namespace, name) == nil
        case ("pods", nil, "delete"):
            guard let namespace = request.namespace, let name = request.name else { return false }
            return nodeOfPod(namespace, name) == node
        default: return false
        }
    }

    /// An agent reads what the network is made of, and writes what is its own.
    ///
    /// What it may make of those objects is `NodeRestriction`'s.
    private func allows(_ request: AccessRequest, byNode node: String) -> Bool {
        if Self.isFailoverSecret(request) { return request.verb == "get" }
        if Self.reads.contains(request.verb) {
            return [nil, "status"].contains(request.subresource) && Self.nodeReads.contains(request.qualifiedPlural)
        }
        guard ResourceDescriptor.writingVerbs.contains(request.verb) else { return false }
        let isChange = ["update", "patch"].contains(request.verb)
        switch (request.qualifiedPlural, request.subresource) {
        case ("nodes", nil): return request.name == node && (isChange || request.verb == "create")
        case ("nodes", "status"): return request.name == node && isChange
        case ("pods", "status"):
            guard let namespace = request.namespace, let name = request.name else { return false }
            return isChange && nodeOfPod(namespace, name) == node
        case ("leases.coordination.k8s.io", nil):
            return Self.isOwnLease(request, of: node) && request.verb != "deletecollection"
        case ("failovergroups.gabion.io", "status"), ("egressnodes.gabion.io", "status"): return isChange
        case ("events", nil), ("events.events.k8s.io", nil): return isChange || request.verb == "create"
        default: return false
        }
    }
}
