/// The built-in roles.
///
/// Pure but for one question: on which node a pod is.
struct Authorizer: Sendable {
    /// The node that a pod is bound to; nil when there is no such pod or it has none.
    let nodeOfPod: @Sendable (_ namespace: String, _ name: String) -> String?

    private static let reads: Set<String> = ["get", "list", "watch"]
    private static let writes: Set<String> = ["create", "update", "patch", "delete", "deletecollection"]

    /// Every group that may read, with what it may read; `events` are for all of them.
    private static let nodeReads: Set<String> = [
        "pods", "namespaces", "nodes", "services", "networkpolicies", "endpoints", "endpointslices", "hostsubnets",
        "netnamespaces", "clusternetworks", "leases", "events", "egressnetworkpolicies", "adminnetworkpolicies",
        "baselineadminnetworkpolicies", "clusternetworkpolicies", "egressfirewalls", "egressips", "zones",
        "stagedpolicies",
    ]
    private static let controllerWrites: Set<String> = [
        "hostsubnets", "netnamespaces", "clusternetworks", "nodes", "leases", "events",
    ]

    func allows(_ request: AccessRequest, by identity: Identity) -> Bool {
        if identity.groups.contains(Identity.mastersGroup) { return true }
        if request.resource == "selfsubjectaccessreviews" { return request.verb == "create" }
        if identity.groups.contains(Identity.readersGroup), Self.mayRead(request) { return true }
        if identity.groups.contains(Identity.controllersGroup), allowsController(request) { return true }
        if let node = identity.nodeName, allows(request, byNode: node) { return true }
        return false
    }

    /// Paths without objects: discovery, OpenAPI, the version.
    ///
    /// Metrics are for readers and above.
    func allowsPath(_ target: RequestTarget, by identity: Identity) -> Bool {
        guard target == .metrics else { return true }
        return !identity.groups.isDisjoint(with: [Identity.mastersGroup, Identity.readersGroup])
    }

    private static func mayRead(_ request: AccessRequest) -> Bool {
        reads.contains(request.verb) && request.resource != "secrets"
    }

    /// Decides on node subnets and namespace ids: reads what readers may, writes those objects, leases and events.
    private func allowsController(_ request: AccessRequest) -> Bool {
        Self.mayRead(request) || Self.controllerWrites.contains(request.resource)
    }

    /// An agent reads what the network is made of, and writes what is its own.
    private func allows(_ request: AccessRequest, byNode node: String) -> Bool {
        if Self.reads.contains(request.verb) { return Self.nodeReads.contains(request.resource) }
        guard Self.writes.contains(request.verb) else { return false }
        switch (request.resource, request.subresource) {
        case ("nodes", nil) where request.verb == "create": return request.name == node
        case ("nodes", nil), ("nodes", "status"):
            return request.name == node && ["update", "patch"].contains(request.verb)
        case ("pods", "status"):
            guard let namespace = request.namespace, let name = request.name else { return false }
            return ["update", "patch"].contains(request.verb) && nodeOfPod(namespace, name) == node
        case ("leases", nil): return request.name == node && request.verb != "deletecollection"
        case ("events", nil): return ["create", "update", "patch"].contains(request.verb)
        default: return false
        }
    }
}
