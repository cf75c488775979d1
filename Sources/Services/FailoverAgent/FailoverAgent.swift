import ClusterAPI
package import FailoverCompiler
import FailoverModel
import FoundationEssentials
import Keepalived
package import KeepalivedDriver
package import KubernetesClient
import LinuxSystem
package import Logging
import NFTables
import NFTablesDriver
import NetworkTypes
import RoutingDriver
import ServiceLifecycle
import Synchronization

/// Failover of one node: FailoverGroups → keepalived and rules; keepalived's news → statuses and events.
package actor FailoverAgent: ServiceLifecycle.Service {
    let node: String
    nonisolated let client: KubernetesClient
    nonisolated let recorder: EventRecorder
    nonisolated let logger: Logger
    nonisolated let files: FailoverFiles
    nonisolated let pipe: NamedPipe
    nonisolated let keepalived: KeepalivedDriver
    nonisolated let tables = NFTablesDriver()
    nonisolated let routing: Rtnetlink
    nonisolated let passBell = StatusBell(pause: .milliseconds(50), retry: .seconds(2))
    nonisolated let statusBell = StatusBell(pause: .milliseconds(50), retry: .milliseconds(500))

    var knowledge = FailoverKnowledge()
    var plan: FailoverPlan?
    var local = LocalFailover()
    /// What keepalived was told last; nil while it is to do nothing.
    var applied: KeepalivedConfiguration?
    var httpHealth: [String: HealthCount] = [:]
    /// What the files say, by group.
    var writtenHealth: [String: Bool] = [:]
    var keys: [String: AuthenticationKey] = [:]
    var states: [IPAddress: NotifyMessage.State] = [:]
    var heldSince: [IPAddress: Timestamp] = [:]
    var told: Set<IPAddress> = []
    /// What has been told of each group that is wrong on this node.
    var complaints: [String: [String]] = [:]

    private nonisolated let counted = Mutex(FailoverFigures())

    /// What is counted, as it was a moment ago.
    package nonisolated var figures: FailoverFigures { counted.withLock { $0 } }

    nonisolated func count(_ change: (inout FailoverFigures) -> Void) { counted.withLock { change(&$0) } }

    /// - Parameter files: in a directory that exists and that only root may look into.
    package init(node: String, client: KubernetesClient, files: FailoverFiles, logger: Logger) throws {
        self.node = node
        self.client = client
        self.files = files
        self.logger = logger
        recorder = EventRecorder(client: client, component: "gabion-failover", host: node)
        pipe = try NamedPipe(files.pipe)
        keepalived = KeepalivedDriver(files.place)
        routing = try Rtnetlink()
    }

    /// Until graceful shutdown; then the node's addresses go to the others.
    package func run() async throws {
        clearPredecessor()
        await cancelWhenGracefulShutdown {
            await withDiscardingTaskGroup { group in
                group.addTask { await self.recorder.run() }
                group.addTask { await self.followGroups() }
                group.addTask { await self.followNodes() }
                group.addTask { await self.followSlices() }
                group.addTask { await self.listen() }
                group.addTask { await self.checkHealth() }
                group.addTask { await self.supervise() }
                group.addTask {
                    await self.passBell.answer { await self.pass() }
                }
                group.addTask {
                    await self.statusBell.answer {
                        await self.report()
                    }
                }
            }
        }
        await giveUp()
    }

    /// Where keepalived ended with our predecessor, as containers end, other nodes have its addresses by now: off with them, also
    /// while the API is away.
    private func clearPredecessor() {
        if !KeepalivedDriver.isInstalled {
            logger.error("there is no keepalived, so no address can be held here", metadata: ["remedy": "install it"])
        }
        guard !keepalived.isRunning else { return }
        do {
            try removeLeftovers()
        } catch {
            logger.error("addresses from before cannot be removed", metadata: ["error": "\(error)"])
        }
    }

    /// Everything that this node holds goes to the others, and what we made goes.
    private func giveUp() async {
        do {
            try await keepalived.end()
            try await tables.deleteTable(.inet, FailoverTable.name)
        } catch {
            logger.error("keepalived does not end as it should", metadata: ["error": "\(error)"])
        }
        heldSince = [:]
        count { $0.hold([]) }
        _ = await report()
    }

    private func followGroups() async {
        var timing = WatchTiming()
        timing.missingPause = .seconds(10)
        for await event in client.changes(of: FailoverGroup.self, timing: timing) {
            knowledge.apply(event)
            passBell.ring()
        }
    }

    private func followNodes() async {
        for await event in client.changes(of: Node.self) {
            knowledge.apply(event)
            passBell.ring()
        }
    }

    private func followSlices() async {
        for await event in client.changes(of: EndpointSlice.self) {
            knowledge.apply(event)
            writeHealth()
        }
    }
}

extension FailoverFiles {
    package var place: KeepalivedDriver.Place {
        KeepalivedDriver.Place(
            configuration: configuration, pidFile: pidFile, vrrpPidFile: vrrpPidFile, log: log)
    }
}
