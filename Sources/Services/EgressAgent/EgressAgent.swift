import ClusterAPI
import EgressAddressModel
package import KubernetesClient
package import Logging
import NetworkTypes
import ServiceLifecycle
import Synchronization

/// The egress addresses of one node: holds what the EgressNode assigns while its witnesses back it, and is a witness of others.
///
/// A process apart from the agent, whose death moves nothing.
package actor EgressAgent: ServiceLifecycle.Service {
    let node: String
    nonisolated let client: KubernetesClient
    nonisolated let requests: EgressRequests
    nonisolated let recorder: EventRecorder
    nonisolated let logger: Logger
    nonisolated let kernel: EgressKernel
    nonisolated let clock = EgressClock()
    /// Tells this process's heartbeats from another's.
    let process = UInt64.random(in: .min ... .max)

    var holder: EgressHolder
    var witness: EgressWitness
    var objects: [String: EgressNode] = [:]
    /// Nil until the objects have been read.
    var fenced: FencedAddresses?
    /// The first InternalIP of each node.
    var nodeAddresses: [String: IPAddress] = [:]
    var signals: EgressSignals?
    /// Datagrams whose sender is not who they name.
    var strangers = 0
    var since: [IPAddress: String] = [:]
    var problems: [String] = []
    /// What is to be said of an address on the link, and when.
    var announcements: [IPAddress: [Int64]] = [:]
    var isPlacing = false

    private nonisolated let counted = Mutex(EgressFigures())

    /// What is counted, as it was a moment ago.
    package nonisolated var figures: EgressFigures { counted.withLock { $0 } }

    /// Work that takes long, done beside everything else.
    nonisolated let work: AsyncStream<@Sendable () async -> Void>
    nonisolated let toDo: AsyncStream<@Sendable () async -> Void>.Continuation

    package init(node: String, client: KubernetesClient, runDirectory: String, logger: Logger) throws {
        self.node = node
        self.client = client
        self.logger = logger
        requests = EgressRequests(client: client, node: node)
        recorder = EventRecorder(client: client, component: "gabion-egress", host: node)
        kernel = try EgressKernel(runDirectory: runDirectory, clock: clock, logger: logger)
        holder = EgressHolder(node: node)
        witness = EgressWitness(node: node)
        (work, toDo) = AsyncStream.makeStream()
    }

    /// Until graceful shutdown; then the node holds nothing more.
    package func run() async throws {
        await cancelWhenGracefulShutdown {
            await withDiscardingTaskGroup { group in
                group.addTask { await self.recorder.run() }
                group.addTask { await self.followNodes() }
                group.addTask { await self.followObjects() }
                group.addTask { await self.tick() }
                group.addTask { await self.watchInterfaces() }
                group.addTask {
                    await withDiscardingTaskGroup { jobs in
                        for await job in self.work { jobs.addTask { await job() } }
                    }
                }
            }
        }
        await giveUp()
    }

    /// The fence closes first: nobody else may have the addresses while this node lets them out.
    private func giveUp() async {
        do {
            _ = try await kernel.hold([], until: 0)
            _ = try kernel.place([])
        } catch {
            logger.error("the addresses are not taken off", metadata: ["error": "\(error)"])
        }
        signals?.end()
    }

    private func followObjects() async {
        var timing = WatchTiming()
        timing.missingPause = .seconds(5)
        for await event in client.changes(of: EgressNode.self, timing: timing) {
            switch event {
            case .replaced(let all, _):
                let names = Set(all.map(\.key.name))
                for gone in objects.keys where !names.contains(gone) { await forget(gone) }
                for object in all { await learn(object) }
            case .upserted(let object): await learn(object)
            case .deleted(let object): await forget(object.key.name)
            // What cannot be read is as it was; a claim upon it would fail.
            case .unreadable, .disconnected, .missing, .resumed: break
            }
        }
    }

    private func learn(_ object: EgressNode) async {
        let name = object.key.name
        if let known = objects[name], object.isOlder(than: known) { return }
        objects[name] = object
        await fence()
        if name == node { advance(holder: .observed(object)) }
        advance(witness: .observed(object))
    }

    private func forget(_ name: String) async {
        objects[name] = nil
        if name == node { advance(holder: .observed(nil)) }
        advance(witness: .forgotten(name))
    }

    /// Closed before it is open: the fence knows an address before the node may hold it, and for some time after.
    ///
    /// - Parameter anew: somebody has changed it.
    private func fence(anew: Bool = false) async {
        do {
            try await kernel.fence(anew: anew) { try await self.addressesToFence() }
        } catch is CancellationError {
            // Nobody waits for it any more.
        } catch {
            complain("the fence cannot be made: \(error)")
        }
    }

    private func addressesToFence() async throws -> Set<IPAddress> {
        if fenced == nil { fenced = FencedAddresses(inherited: try await kernel.inherited(), at: clock.now) }
        let owned = objects.values.reduce(into: Set<IPAddress>()) { $0.formUnion($1.owned) }
        return fenced?.update(owned, at: clock.now) ?? owned
    }

    private func followNodes() async {
        for await event in client.changes(of: Node.self) {
            switch event {
            case .replaced(let all, _):
                nodeAddresses = [:]
                for node in all { note(node) }
            case .upserted(let node): note(node)
            case .deleted(let node): nodeAddresses[node.key.name] = nil
            case .unreadable, .disconnected, .missing, .resumed: break
            }
            openSignals()
        }
    }

    private func note(_ node: Node) {
        nodeAddresses[node.key.name] = node.internalAddressTexts.lazy.compactMap { IPAddress($0) }.first
    }

    /// As soon as the node's own address is known, and on it.
    private func openSignals() {
        guard signals == nil, let own = nodeAddresses[node] else { return }
        do {
            let signals = try EgressSignals(at: own)
            self.signals = signals
            toDo.yield {
                do {
                    try await signals.read()
                } catch {
                    self.logger.error("heartbeats cannot be read", metadata: ["error": "\(error)"])
                }
            }
            toDo.yield { for await (signal, from) in signals.incoming { await self.receive(signal, from) } }
        } catch {
            complain("heartbeats cannot be sent from \(own): \(error)")
        }
    }

    private func tick() async {
        while !Task.isCancelled {
            do { try await Task.sleep(for: .milliseconds(50)) } catch { break }
            advance(holder: .tick)
            advance(witness: .tick)
            announce()
        }
        signals?.end()
        toDo.finish()
    }

    /// Interfaces change without an event, and others take off what is ours.
    private func watchInterfaces() async {
        var rounds = 0
        while !Task.isCancelled {
            do {
                let networks = try kernel.networks()
                if networks != holder.networks { advance(holder: .networks(networks)) }
                rounds += 1
                if rounds.isMultiple(of: 4) {
                    await count()
                    // What is nobody's for long enough is let go, too.
                    let isBroken = try kernel.wasChanged()
                    if fenced != nil { await fence(anew: isBroken) }
                    if !holder.confirmed.isEmpty { place() }
                }
            } catch {
                complain("the node's interfaces cannot be read: \(error)")
            }
            do { try await Task.sleep(for: .milliseconds(250)) } catch { return }
        }
    }

    func count(holding held: Set<IPAddress>) { counted.withLock { $0.hold(held) } }

    private func count() async {
        // Without tables there is nothing that drops.
        let drops = (try? await kernel.drops()) ?? [:]
        let now = clock.now
        counted.withLock { figures in
            figures.drops = drops
            figures.isReady = objects[node] != nil
            figures.assigned = objects[node]?.assigned.count ?? 0
            figures.isBacked = holder.isBacked(at: now)
            figures.gaps = holder.gapCount
            figures.silences = holder.silences(at: now)
            figures.strangers = strangers
            figures.problems = problems.count
        }
    }

    func complain(_ problem: String) {
        if problems.contains(problem) { return }
        problems = problems.suffix(4) + [problem]
        logger.error("\(problem)")
        if let object = objects[node] {
            recorder.record(.warning, about: object, reason: "EgressNotProgrammed", message: problem)
        }
    }
}
