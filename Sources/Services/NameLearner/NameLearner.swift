import ClusterAPI
import ConntrackDriver
package import EgressNames
import FoundationEssentials
package import LinuxSystem
package import Logging
import NFLogDriver
package import NFTables
import NFTablesDriver
import NameLearning
import NetworkTypes
import ServiceLifecycle
import Synchronization

/// Learns the addresses of names on one node from the answers that its pods get: the kernel knows them before the pod does.
///
/// It needs nothing of the API: the agent's file says what to learn, and the kernel what was answered.
package final class NameLearner: ServiceLifecycle.Service, Sendable {
    let files: NameFiles
    private let namespace: NamespaceReference
    let logger: Logger
    private let log: NFLogListener
    private let device: TunDevice
    let path: NamePath
    let conntrack: Conntrack
    private let wake = try? WakePipe()
    private let isEnded = Mutex(false)
    /// When the thread that passes answers on was last seen at work, in seconds since boot.
    let lastRound = Atomic<UInt64>(0)
    let state: Mutex<LearnerState>

    /// Questions and answers come from now on, but for the answers' way, which `run` opens.
    ///
    /// - Throws: `SystemError`, `NetlinkError`; busy when another learner runs here.
    package init(
        _ files: NameFiles, in namespace: NamespaceReference = .current, limits: NameLimits = NameLimits(),
        table: Name = "gabion", logger: Logger
    ) throws {
        self.files = files
        self.namespace = namespace
        self.logger = logger
        log = try NFLogListener(
            group: NameTable.group, in: namespace, snapLength: 65_535, delay: .milliseconds(10), threshold: 1)
        device = try TunDevice(named: NameTable.interface, in: namespace)
        path = try NamePath(in: namespace)
        conntrack = try Conntrack(in: namespace)
        state = Mutex(LearnerState(files, limits: limits, NFTablesDriver(in: namespace), table: table, logger))
    }

    /// Until graceful shutdown; then answers go without us.
    package func run() async throws {
        try readOrders()
        let (clients, servers) = state.withLock { ($0.clients, $0.servers) }
        try await path.prepare(clients: clients, servers: servers)
        try path.stayAwake()
        try path.open()
        logger.info("answers pass by here", metadata: ["interface": "\(NameTable.interface)"])
        try await cancelWhenGracefulShutdown {
            try await withThrowingDiscardingTaskGroup { group in
                group.addTask { try await DedicatedThread.run { try self.passAnswers() } }
                group.addTask { await self.keepTime() }
                group.addTask { await self.keepAwake() }
                group.addTask { await self.keepPath() }
                group.addTask { await self.keepStatus() }
                group.addTask {
                    while (try? await Task.sleep(for: .seconds(3600))) != nil {}
                    self.end()
                }
            }
        }
    }

    private func end() {
        isEnded.withLock { $0 = true }
        wake?.wake()
    }

    // MARK: Answers

    private enum Token: UInt64 { case device, log, orders, wake }

    /// More than wait in the listener's buffer.
    private static let mostQuestions = 1 << 16

    /// The loop of one thread: answers wait for nobody else.
    private func passAnswers() throws {
        let watch = try DirectoryWatch(files.directory)
        var poll = try EventPoll(capacity: 8)
        try poll.add(device.rawDescriptor, .readable, token: Token.device.rawValue)
        try poll.add(log.descriptor, .readable, token: Token.log.rawValue)
        try poll.add(watch.rawDescriptor, .readable, token: Token.orders.rawValue)
        if let wake { try poll.add(wake.descriptor, .readable, token: Token.wake.rawValue) }
        try readOrders()
        while !isEnded.withLock({ $0 }) {
            lastRound.store(Host.secondsSinceBoot, ordering: .relaxed)
            let events = try poll.wait(timeout: .seconds(1))
            if events.contains(where: { $0.token == Token.orders.rawValue }) {
                try watch.drain()
                try readOrders()
            }
            // No more than a part: whoever never ends asking keeps neither orders nor the vigil waiting.
            try passSome()
        }
    }

    private func passSome() throws {
        var packets: [[UInt8]] = []
        while packets.count < 64, let packet = try device.receive() { packets.append(packet) }
        // After the answers: their questions have been told before them. All that wait, which is no more than the buffer takes:
        // behind questions of another pod there may be those of these answers.
        let heard = try log.receive(atMost: Self.mostQuestions)
        guard !packets.isEmpty || !heard.packets.isEmpty || heard.lost > 0 else { return }
        let passing = state.withLock { $0.judge(packets, after: heard, at: Host.secondsSinceBoot) }
        for packet in passing { _ = try device.send(packet) }
    }

    // MARK: Orders

    private let lastOrders = Mutex<FileIdentity?>(nil)

    /// Takes the agent's file if it is another than the last.
    private func readOrders() throws {
        let identity = FileIdentity(files.orders)
        guard
            lastOrders.withLock({ last in
                defer { last = identity }
                return last != identity
            })
        else { return }
        let orders: NameOrders
        do {
            guard let data = FileManager.default.contents(atPath: files.orders) else {
                return obey(NameOrders())
            }
            orders = try JSONDecoder().decode(NameOrders.self, from: data)
        } catch {
            return logger.error(
                "\(files.orders) cannot be read; what it said before holds", metadata: ["error": "\(error)"])
        }
        obey(orders)
    }

    private func obey(_ orders: NameOrders) {
        let now = Host.secondsSinceBoot
        let addresses = orders.pods.flatMap { pod in pod.addresses.map { ($0, pod.key) } }
        let isFirst = state.withLock { $0.orders == nil }
        // Only what is inherited asks for it.
        let uses = isFirst ? (try? conntrack.uses(of: Dictionary(addresses) { first, _ in first })) ?? [] : []
        let (clients, servers) = state.withLock { state in
            state.obey(orders, at: now, uses: uses)
            return (state.clients, state.servers)
        }
        do {
            try path.choose(clients: clients, servers: servers)
        } catch {
            // No table yet, or no more: it is put right in a moment, whole.
            logger.debug("the table waits", metadata: ["error": "\(error)"])
        }
    }

    /// For `/metrics`.
    package var status: NameStatus { state.withLock { NameStatus($0) } }
}
