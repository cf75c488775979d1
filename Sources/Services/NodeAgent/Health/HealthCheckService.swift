import ClusterAPI
package import LinuxSystem
import NetworkTypes
import NodeModel
import ServiceModel

/// What load balancers are to be told.
struct HealthReport: Hashable, Sendable {
    var checks: [ObjectKey: ServiceHealthCheck]
    var hasCurrentRules: Bool
    /// Where they may ask, ascending; nil: at every address.
    var addresses: [IPAddress]?
}

/// Tells load balancers whether this node has ready endpoints of a service, at the service's `healthCheckNodePort`.
package struct HealthCheckService: Sendable {
    private let agent: NodeAgent
    private let namespace: NamespaceReference
    /// How often the agent is asked, and what failed tried again.
    private let interval: Duration

    /// - Parameter namespace: the node's.
    package init(
        agent: NodeAgent, in namespace: NamespaceReference = .current, interval: Duration = .milliseconds(200)
    ) {
        self.agent = agent
        self.namespace = namespace
        self.interval = interval
    }

    /// Answers until the task is cancelled; then load balancers send elsewhere.
    package func run() async {
        var listeners = HealthListeners(in: namespace)
        var followed = HealthReport(checks: [:], hasCurrentRules: false)
        while !Task.isCancelled {
            let report = await agent.healthReport()
            if report != followed || !listeners.problems.isEmpty {
                await listeners.follow(report)
                followed = report
                await agent.note(healthProblems: listeners.problems)
            }
            do { try await Task.sleep(for: interval) } catch { break }
        }
        await listeners.close()
    }
}

extension NodeAgent {
    func healthReport() -> HealthReport {
        HealthReport(
            checks: model.services.healthChecks, hasCurrentRules: hasCurrentRules && lastFailure == nil,
            addresses: healthAddresses)
    }

    /// As node ports: `--node-port-addresses` says where.
    private var healthAddresses: [IPAddress]? {
        let ranges = configuration.nodePortRanges
        guard !ranges.isEmpty else { return nil }
        let own = localAddresses.union([IPAddress(v4: 0x7F00_0001), IPAddress(family: .v6, bits: 1)])
        return own.filter { address in ranges.contains { $0.contains(address) } }.sorted()
    }

    func note(healthProblems: [String]) { self.healthProblems = healthProblems }
}
