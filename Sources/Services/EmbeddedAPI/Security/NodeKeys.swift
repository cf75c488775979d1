/// The labels, annotations and spec fields of a Node that are its own to say: what a kubelet reports about its machine.
enum NodeKeys {
    private static let labels: Set<String> = [
        "kubernetes.io/hostname", "kubernetes.io/os", "kubernetes.io/arch", "beta.kubernetes.io/os",
        "beta.kubernetes.io/arch", "beta.kubernetes.io/instance-type", "node.kubernetes.io/instance-type",
        "topology.kubernetes.io/region", "topology.kubernetes.io/zone", "failure-domain.beta.kubernetes.io/region",
        "failure-domain.beta.kubernetes.io/zone",
    ]

    /// What a node may choose when it registers, and not change afterwards.
    ///
    /// Pod ranges are missing: the controller gives them.
    static let specAtRegistration: Set<String> = ["providerID", "taints", "unschedulable"]

    /// Every other label may select the node for something (egress addresses, policies): administrators set it.
    static func isOwnLabel(_ key: String) -> Bool { labels.contains(key) || isWithin(key, ["kubelet.kubernetes.io"]) }

    /// Besides a kubelet's, where the node's agent answers.
    static func isOwnAnnotation(_ key: String) -> Bool {
        key == FlowEndpointAnnotation.key || isWithin(key, ["kubernetes.io"]) && !isReserved(key)
    }

    /// `node-restriction.kubernetes.io/` is where administrators put what nodes must not touch.
    private static func isReserved(_ key: String) -> Bool { isWithin(key, ["node-restriction.kubernetes.io"]) }

    /// Whether the prefix of `key` is one of the domains or below one.
    private static func isWithin(_ key: String, _ domains: [String]) -> Bool {
        guard let slash = key.firstIndex(of: "/") else { return false }
        let prefix = key[..<slash]
        return domains.contains { prefix == $0 || prefix.hasSuffix(".\($0)") }
    }
}
