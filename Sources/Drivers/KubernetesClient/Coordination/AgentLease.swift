package import ClusterAPI

/// The Lease by which the agent of a node shows that it lives, as kubelets do for their nodes.
///
/// A heartbeat is one small write to an object that nobody watches: the Node, which every agent watches, stays as it is.
package struct AgentLease: Sendable {
    package static let namespace = "kube-system"
    package static let renewInterval = Duration.seconds(10)
    /// An agent whose Lease has not been renewed for so long is silent.
    package static let seconds = 40
    private static let prefix = "gabion-agent-"

    private let client: KubernetesClient
    private let node: String

    package init(client: KubernetesClient, node: String) {
        var direct = client
        // A renewal that takes longer is worth nothing: the next is due.
        direct.requestTimeout = Self.renewInterval
        self.client = direct
        self.node = node
    }

    package static func key(ofNode node: String) -> ObjectKey {
        ObjectKey(namespace: namespace, name: prefix + node)
    }

    /// The node whose agent's Lease this is; nil for any other Lease.
    package static func node(of lease: Lease) -> String? {
        guard lease.key.namespace == namespace, lease.key.name.hasPrefix(prefix) else { return nil }
        return String(lease.key.name.dropFirst(prefix.count))
    }

    /// Whether the agent has renewed it lately, by the agent's clock and by this machine's.
    ///
    /// Half as long again is allowed for clocks that differ.
    package static func isFresh(_ lease: Lease, at now: Timestamp) -> Bool {
        let limit = now.microsecondsSince1970 - Int64(seconds) * 1_500_000
        // Times in one format compare as texts.
        return (lease.spec?.renewTime ?? "") >= Timestamp(microsecondsSince1970: limit).micros
    }

    /// Says that the agent lives; makes the Lease when there is none.
    ///
    /// It is owned by the Node, and goes with it.
    package func renew(at now: Timestamp = .now()) async throws {
        let key = Self.key(ofNode: node)
        let spec: JSONValue = [
            "holderIdentity": .string(node), "leaseDurationSeconds": .int(Int64(Self.seconds)),
            "renewTime": .string(now.micros),
        ]
        do {
            try await client.patch(Lease.self, key.name, in: key.namespace, with: .merge(["spec": spec]))
        } catch  where error.apiFailure?.isNotFound == true {
            let owner = try await client.get(Node.self, node)
            let lease: JSONValue = [
                "apiVersion": "coordination.k8s.io/v1", "kind": "Lease",
                "metadata": [
                    "name": .string(key.name), "namespace": .string(key.namespace),
                    "ownerReferences": [
                        [
                            "apiVersion": "v1", "kind": "Node", "name": .string(node),
                            "uid": .string(owner.metadata.uid ?? ""),
                        ]
                    ],
                ],
                "spec": spec,
            ]
            try await client.create(lease, in: key.namespace)
        }
    }
}
