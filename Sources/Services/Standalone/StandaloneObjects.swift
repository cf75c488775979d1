import ClusterAPI
import KubernetesClient
import Logging

/// What a cluster says of itself and its one node; who has a kubelet and an installer has them from those.
struct StandaloneObjects {
    let settings: StandaloneSettings
    let client: KubernetesClient
    let logger: Logger

    func write() async throws {
        try await writeNetwork()
        try await writeNode()
    }

    /// Ranges that are in use are not changed behind people's backs.
    private func writeNetwork() async throws {
        do {
            let present = try await client.get(ClusterNetwork.self, "default")
            let wanted = "\(settings.podNetwork)"
            let ranges = (present.clusterNetworks ?? []).map(\.cidr)
            guard !ranges.contains(wanted) else { return }
            logger.warning(
                "the pod network stays as it is; kubectl edit clusternetwork default changes it",
                metadata: ["is": "\(ranges.joined(separator: ","))", "asked": "\(wanted)"])
        } catch  where error.apiFailure?.isNotFound == true {
            try await client.create(network)
        }
    }

    /// 510 containers.
    private static let hostBits: Int64 = 9

    private var network: JSONValue {
        [
            "apiVersion": "network.openshift.io/v1", "kind": "ClusterNetwork", "metadata": ["name": "default"],
            "pluginName": "redhat/openshift-ovs-networkpolicy",
            "serviceNetwork": .string("\(settings.serviceNetwork)"),
            "clusterNetworks": [
                ["CIDR": .string("\(settings.podNetwork)"), "hostSubnetLength": .int(Self.hostBits)]
            ],
        ]
    }

    private func writeNode() async throws {
        let status: JSONValue = [
            "addresses": [
                ["type": "InternalIP", "address": .string("\(settings.address)")],
                ["type": "Hostname", "address": .string(settings.node)],
            ],
            "conditions": [
                [
                    "type": "Ready", "status": "True", "reason": "GabionRuns",
                    "lastTransitionTime": .string(Timestamp.now().seconds),
                ]
            ],
        ]
        do {
            _ = try await client.get(Node.self, settings.node)
            // Conditions of others stay: they are merged by their types.
            try await client.patch(
                Node.self, settings.node, with: .strategic(["status": status]), subresource: "status")
        } catch  where error.apiFailure?.isNotFound == true {
            try await client.create([
                "apiVersion": "v1", "kind": "Node",
                "metadata": [
                    "name": .string(settings.node), "labels": ["kubernetes.io/hostname": .string(settings.node)],
                ],
                "status": status,
            ])
        }
    }
}
