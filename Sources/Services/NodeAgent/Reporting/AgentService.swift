package import KubernetesClient
import ServiceLifecycle

/// The agent with what feeds it and what reports about it, as one service of the process.
package struct AgentService: Service {
    private let agent: NodeAgent
    private let feed: ClusterFeed
    private let reporter: NodeReporter
    private let health: HealthCheckService

    package init(agent: NodeAgent, client: KubernetesClient, nodeName: String, statusPath: String) {
        self.agent = agent
        feed = ClusterFeed(client: client, agent: agent)
        health = HealthCheckService(agent: agent)
        reporter = NodeReporter(agent: agent, client: client, nodeName: nodeName, statusPath: statusPath)
    }

    /// Until graceful shutdown; the kernel keeps enforcing what it has.
    package func run() async throws {
        await cancelWhenGracefulShutdown {
            await withDiscardingTaskGroup { group in
                group.addTask { await agent.run() }
                group.addTask { await feed.run() }
                group.addTask { await reporter.run() }
                group.addTask { await health.run() }
            }
        }
    }
}
