import ClusterAPI
import KubernetesClient

/// What agents and the controller have said in the API beside objects of our own kinds.
enum NodeTraces {
    static func remove(_ client: KubernetesClient) async throws {
        for node in try await client.list(Node.self).items {
            try await AgentCleanup.clear(client, node.key.name)
        }
        for lease in try await client.list(Lease.self, in: AgentLease.namespace).items where isOurs(lease.key.name) {
            do {
                try await client.delete(Lease.self, lease.key.name, in: lease.key.namespace)
            } catch let error where error.apiFailure?.isNotFound == true {
                continue
            }
        }
    }

    private static func isOurs(_ name: String) -> Bool {
        name == "gabion-controller" || name.hasPrefix("gabion-agent-") || name.hasPrefix(EgressNode.leasePrefix)
    }
}
