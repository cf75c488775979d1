import ClusterAPI
package import KubernetesClient

/// Carries the API's watched collections to the agent until the task is cancelled.
package struct ClusterFeed: Sendable {
    private let client: KubernetesClient
    private let agent: NodeAgent

    package init(client: KubernetesClient, agent: NodeAgent) {
        self.client = client
        self.agent = agent
    }

    package func run() async {
        await withDiscardingTaskGroup { group in
            group.addTask { await follow(Pod.self) }
            group.addTask { await follow(Namespace.self) }
            group.addTask { await follow(NetworkPolicy.self) }
            // Not every cluster has these kinds: without them, there are none of these policies.
            group.addTask { await follow(AdminNetworkPolicy.self, mayBeMissing: true) }
            group.addTask { await follow(BaselineAdminNetworkPolicy.self, mayBeMissing: true) }
            group.addTask { await follow(ClusterNetworkPolicy.self, mayBeMissing: true) }
            group.addTask { await follow(EgressFirewall.self, mayBeMissing: true) }
            group.addTask { await follow(EgressNetworkPolicy.self, mayBeMissing: true) }
            group.addTask { await follow(MetadataAccess.self, mayBeMissing: true) }
            group.addTask { await follow(Zone.self, mayBeMissing: true) }
            group.addTask { await follow(StagedPolicy.self, mayBeMissing: true) }
            group.addTask { await follow(ClusterStagedPolicy.self, mayBeMissing: true) }
            group.addTask { await follow(ExternalIPPolicy.self, mayBeMissing: true) }
            group.addTask { await follow(EgressIP.self, mayBeMissing: true) }
            group.addTask { await follow(EgressNode.self, mayBeMissing: true) }
            group.addTask { await follow(Node.self) }
            group.addTask { await follow(HostSubnet.self) }
            group.addTask { await follow(ClusterNetwork.self) }
            group.addTask { await follow(NetNamespace.self) }
            group.addTask { await follow(Service.self) }
            group.addTask { await follow(EndpointSlice.self) }
        }
    }

    private func follow<Object: WatchedObject>(_ type: Object.Type, mayBeMissing: Bool = false) async {
        var timing = WatchTiming()
        if mayBeMissing { timing.missingPause = .seconds(30) }
        for await event in client.changes(of: type, timing: timing) { await agent.receive(event) }
    }
}
