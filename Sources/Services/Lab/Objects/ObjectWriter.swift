import ClusterAPI
import KubernetesClient
import NetworkTypes

/// Brings objects into the API, whether they are there already or not.
struct ObjectWriter: Sendable {
    let client: KubernetesClient

    /// The objects that a cluster has before anybody uses it: the pod network and the nodes.
    func createCluster(_ topology: LabTopology) async throws {
        let network = ClusterNetwork(
            clusterNetworks: topology.clusterNetworks, serviceNetwork: topology.serviceNetwork)
        try await client.create(network)
        for plan in topology.nodes {
            var node = Node(metadata: ObjectMeta(name: plan.name, labels: Scheduler.labels(of: plan)))
            let addresses = topology.addresses(ofNode: plan.name).map {
                NodeAddress(type: "InternalIP", address: $0.description)
            }
            node.status = NodeStatus(addresses: addresses + [NodeAddress(type: "Hostname", address: plan.name)])
            try await client.create(node)
            let list = JSONValue.array(
                (node.status?.addresses ?? []).map { ["type": .string($0.type), "address": .string($0.address)] })
            try await client.patch(
                Node.self, plan.name, with: .merge(["status": ["addresses": list]]), subresource: "status")
        }
    }

    /// Says that a node can take pods.
    func markReady(node: String) async throws {
        let condition: JSONValue = [
            "type": "Ready", "status": "True", "reason": "AgentReady", "message": "gabion agent attaches pods",
        ]
        try await client.patch(
            Node.self, node, with: .strategic(["status": ["conditions": [condition]]]), subresource: "status")
    }

    /// Creates the object, or merges it into the one that exists.
    func apply(_ object: JSONValue) async throws {
        let name = object["metadata"]?["name"]?.string ?? ""
        do {
            try await client.create(object, in: "default")
        } catch let error as KubernetesError {
            guard error.failure?.alreadyExists == true else {
                let kind = object["kind"]?.string ?? "object"
                throw LabError("cannot create \(kind) \(name): \(error)", remedy: "Correct the manifest.")
            }
            let resource = try await client.resource(of: object)
            try await client.patch(
                resource, name, in: object["metadata"]?["namespace"]?.string ?? "default", with: .merge(object))
        }
    }

    /// Several at a time, in no order.
    func apply(_ objects: [JSONValue]) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for (index, object) in objects.enumerated() {
                if index >= 16 { try await group.next() }
                group.addTask { try await apply(object) }
            }
            try await group.waitForAll()
        }
    }
}
