import APIMachinery

/// How much of a request the audit log keeps: the levels of audit.k8s.io that this server uses.
enum AuditLevel: String {
    /// Who, what, when, and how it ended.
    case metadata = "Metadata"
    /// What was sent and what it made of the object, too.
    case requestResponse = "RequestResponse"

    /// What decides which connections are allowed, and who belongs where; nothing that holds secrets.
    private static let recorded: Set<String> = [
        "gabion.io/zones", "gabion.io/stagedpolicies", "gabion.io/clusterstagedpolicies",
        "gabion.io/externalippolicies", "k8s.ovn.org/egressfirewalls", "network.openshift.io/egressnetworkpolicies",
        "networking.k8s.io/networkpolicies", "extensions/networkpolicies",
        "policy.networking.k8s.io/adminnetworkpolicies", "policy.networking.k8s.io/baselineadminnetworkpolicies",
        "policy.networking.k8s.io/clusternetworkpolicies", "network.openshift.io/netnamespaces",
        "network.openshift.io/clusternetworks", "/namespaces", "/nodes",
    ]

    /// What machines write every few seconds: it would push everything else out of the log.
    private static let heartbeats: Set<String> = ["coordination.k8s.io/leases", "/events", "events.k8s.io/events"]

    /// Nil for a request that leaves no line: one that writes nothing, and a heartbeat that went well.
    init?(_ target: ObjectTarget, verb: String, code: Int) {
        guard ResourceDescriptor.writingVerbs.contains(verb) else { return nil }
        let kind = "\(target.version.group)/\(target.plural)"
        if ["authorization.k8s.io", "authentication.k8s.io"].contains(target.version.group) { return nil }
        let isHeartbeat = Self.heartbeats.contains(kind) && !verb.hasPrefix("delete") && (200..<300).contains(code)
        if isHeartbeat { return nil }
        self = Self.recorded.contains(kind) && target.subresource == nil ? .requestResponse : .metadata
    }

    /// Whether what is wrong with an object may be told: messages quote values.
    static func tellsFaults(of target: ObjectTarget) -> Bool { target.plural != "secrets" }
}
