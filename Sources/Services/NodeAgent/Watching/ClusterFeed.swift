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
            group.addTask { await follow(Node.self) }
            group.addTask { await follow(HostSubnet.self) }
            group.addTask { await follow(ClusterNetwork.self) }
        }
    }

    private func follow<Object: WatchedObject>(_ type: Object.Type) async {
        for await event in client.changes(of: type) { await agent.receive(event) }
    }
}
