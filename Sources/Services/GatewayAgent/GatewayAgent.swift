package import ClusterAPI
import EnvoyConfig
package import EnvoyDriver
import GatewayCompiler
package import KubernetesClient
package import Logging
import NetworkTypes
import RoutingDriver
import ServiceLifecycle

/// One pod of an EgressGateway: the object → Envoy; what Envoy does → the object's status.
package actor GatewayAgent: ServiceLifecycle.Service {
    nonisolated let identity: GatewayIdentity
    nonisolated let client: KubernetesClient
    nonisolated let envoy: EnvoyDriver
    nonisolated let logger: Logger
    nonisolated let metrics: GatewayMetricsPlace?
    nonisolated let passBell = StatusBell(pause: .milliseconds(20), retry: .seconds(2))
    nonisolated let statusBell = StatusBell(pause: .milliseconds(100), retry: .seconds(1))

    var gateway: EgressGateway?
    /// Nil before the API has said anything.
    var isThere: Bool?
    /// Why the object cannot be read, if it cannot.
    private var unreadable: String?
    /// What Envoy is known to do; nil while that is not known.
    private var applied: EnvoyResources?
    /// True from the first time on that Envoy did what it was told: then it is to be there.
    private var isStarted = false
    private var isApplying = false
    /// Why the object is not served as it is written.
    var problem: String?
    var readySince: Timestamp?
    private(set) var restarts = 0

    package init(
        _ identity: GatewayIdentity, client: KubernetesClient, envoy: EnvoyDriver, metrics: GatewayMetricsPlace?,
        logger: Logger
    ) {
        self.identity = identity
        self.client = client
        self.envoy = envoy
        self.metrics = metrics
        self.logger = logger
    }

    /// Until graceful shutdown, with which Envoy and the connections through it end; throws when metrics cannot be shown.
    package func run() async throws {
        do {
            try await cancelWhenGracefulShutdown {
                try await withThrowingDiscardingTaskGroup { group in
                    group.addTask { await self.follow() }
                    group.addTask { await self.passBell.answer { await self.pass() } }
                    group.addTask { await self.statusBell.answer { await self.report() } }
                    group.addTask { await self.supervise() }
                    if let place = self.metrics {
                        group.addTask { try await GatewayMetricsListener(agent: self).run(at: place) }
                    }
                }
            }
        } catch is CancellationError {
            // The end that was asked for.
        }
        await leave()
        try await envoy.end()
    }

    private func follow() async {
        var timing = WatchTiming()
        timing.missingPause = .seconds(5)
        let events = client.changes(
            of: EgressGateway.self, in: identity.gateway.namespace,
            fieldSelector: "metadata.name=\(identity.gateway.name)", timing: timing)
        for await event in events {
            note(event)
            passBell.ring()
        }
    }

    /// What cannot be read changes nothing that runs.
    func note(_ event: CacheEvent<EgressGateway>) {
        switch event {
        case .replaced(let objects, let broken):
            if let broken = broken.first { return misread(broken) }
            (gateway, isThere, unreadable) = (objects.first, !objects.isEmpty, nil)
        case .upserted(let object): (gateway, isThere, unreadable) = (object, true, nil)
        case .deleted: (gateway, isThere, unreadable) = (nil, false, nil)
        case .unreadable(let broken): misread(broken)
        case .missing: if isThere == nil { isThere = false }
        case .disconnected, .resumed: break
        }
    }

    private func misread(_ broken: UnreadableObject) {
        (isThere, unreadable) = (true, "the object cannot be read: \(broken)")
    }

    /// True when Envoy does what the object says.
    func pass() async -> Bool {
        defer { statusBell.ring() }
        guard let isThere else { return true }
        if let unreadable {
            complain(unreadable)
            return true
        }
        do {
            var wanted = EnvoyResources()
            if let gateway {
                wanted = try GatewayCompiler.compile(gateway, at: try Rtnetlink().localAddresses().sorted())
            } else if !envoy.isRunning {
                // Nothing is to be served, and nothing is.
                (readySince, problem, isStarted) = (nil, nil, false)
                return true
            }
            try await apply(wanted)
            if !isThere {
                readySince = nil
            } else if readySince == nil {
                readySince = .now()
                logger.info("the gateway is served", metadata: ["gateway": "\(identity.gateway)"])
            }
            problem = nil
            return true
        } catch let error as GatewayProblem {
            complain("\(error)")
            // Only another object helps.
            return true
        } catch {
            complain("\(error)")
            return false
        }
    }

    private func complain(_ text: String) {
        if problem != text {
            logger.error(
                "the gateway is not served as it is written",
                metadata: ["gateway": "\(identity.gateway)", "problem": "\(text)"])
        }
        problem = text
        readySince = nil
    }

    private func apply(_ wanted: EnvoyResources) async throws {
        guard wanted != applied || !envoy.isRunning else { return }
        isApplying = true
        defer { isApplying = false }
        applied = nil
        try await envoy.apply(wanted)
        (applied, isStarted) = (wanted, true)
    }

    /// Starts Envoy again when it has ended, with what it had.
    private func supervise() async {
        while !Task.isCancelled {
            do { try await Task.sleep(for: .milliseconds(100)) } catch { return }
            if isStarted, !isApplying, !envoy.isRunning {
                restarts += 1
                applied = nil
                complain("Envoy ended by itself, \(restarts) times so far; it is started again")
                do {
                    try envoy.start()
                } catch {
                    complain("Envoy cannot be started: \(error)")
                }
                // Which finds out whether it works.
                passBell.ring()
                do { try await Task.sleep(for: .milliseconds(500)) } catch { return }
            }
        }
    }
}

/// Whose pod this is.
package struct GatewayIdentity: Hashable, Sendable {
    package let gateway: ObjectKey
    package let pod: String

    package init(gateway: ObjectKey, pod: String) {
        self.gateway = gateway
        self.pod = pod
    }
}
