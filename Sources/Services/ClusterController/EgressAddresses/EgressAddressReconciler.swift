import ClusterAPI
import EgressAddressModel
import KubernetesClient
import Logging
import NetworkTypes

/// Decides which node holds which egress address, and takes addresses from nodes that cannot hold them any more.
///
/// Several may decide at a time without harm: every change depends on the version it was decided upon, and nodes look at
/// all EgressNodes before they hold anything.
actor EgressAddressReconciler {
    let client: KubernetesClient
    let recorder: EventRecorder
    let logger: Logger
    var knowledge = EgressKnowledge()
    private var leases = LeaseSilence()
    /// What has been told of each object.
    var told: Set<EgressProblem> = []
    private let start = ContinuousClock.now
    private nonisolated let bell = StatusBell(pause: .milliseconds(20), retry: .milliseconds(300))

    init(client: KubernetesClient, recorder: EventRecorder, logger: Logger) {
        var direct = client
        // What was decided upon old knowledge is worth nothing: decide again rather than wait.
        direct.requestTimeout = .seconds(2)
        direct.retryPolicy = .none
        self.client = direct
        self.recorder = recorder
        self.logger = logger
    }

    /// Until the task is cancelled.
    nonisolated func run() async {
        await withDiscardingTaskGroup { group in
            group.addTask { await self.follow(\.networks) }
            group.addTask { await self.follow(\.nodes) }
            group.addTask { await self.follow(\.hostSubnets) }
            group.addTask { await self.follow(\.netNamespaces) }
            group.addTask { await self.follow(\.egressIPs) }
            group.addTask { await self.follow(\.zones) }
            group.addTask { await self.follow(\.egressNodes) }
            group.addTask { await self.follow(\.groups) }
            group.addTask { await self.follow(\.policies) }
            group.addTask { await self.followServices() }
            group.addTask { await self.ringOften() }
            group.addTask { await self.bell.answer { await self.reconcile() } }
        }
    }

    private func follow<Object: APIObject>(
        _ mirror: any WritableKeyPath<EgressKnowledge, Mirror<Object>> & Sendable
    ) async {
        var timing = WatchTiming()
        timing.missingPause = .seconds(30)
        for await event in client.changes(of: Object.self, timing: timing) {
            knowledge[keyPath: mirror].apply(event)
            bell.ring()
        }
    }

    private func followServices() async {
        for await event in client.changes(of: Service.self) where knowledge.services.apply(event) { bell.ring() }
    }

    /// Silence is no event.
    private func ringOften() async {
        while !Task.isCancelled {
            do { try await Task.sleep(for: .milliseconds(300)) } catch { return }
            if knowledge.isComplete, knowledge.isNeeded { bell.ring() }
        }
    }

    private var now: Int64 {
        Int64(start.duration(to: .now) / .milliseconds(1))
    }

    /// True when everything that had to be written was written.
    private func reconcile() async -> Bool {
        guard knowledge.isComplete, knowledge.isNeeded else { return true }
        var round = StatusRound(logger: logger)
        await makeObjects(&round)
        let silent = await silentLeases()
        let lost = knowledge.lost(apiIsSilent: silent, at: now)
        var assignment = EgressAssignment(knowledge.situation(lost))
        // Taken away, and then given: one step upon the other.
        for _ in 0..<3 {
            let objects = knowledge.egressNodes.sorted
            let moves = EgressMove.plan(objects, wanted: assignment.wanted(objects), apiIsSilent: silent)
            if moves.isEmpty { break }
            for move in moves { await round.write("EgressNode \(move.object.key)") { try await apply(move) } }
            assignment = EgressAssignment(knowledge.situation(lost))
        }
        for (object, witnesses) in knowledge.witnessChanges(lost: Set(lost.keys)) {
            await round.write("EgressNode \(object.key)") {
                try await change(object, ["witnesses": .array(witnesses.map(JSONValue.string))])
            }
        }
        await mirror(assignment, &round)
        tell(assignment.problems)
        return round.isDone
    }

    /// The nodes that could live by the API's word, and have not asked it for long.
    ///
    /// Looked at after the objects were read, upon whose versions everything is written.
    private func silentLeases() async -> Set<String> {
        var silent: Set<String> = []
        for object in knowledge.egressNodes.sorted
        where (object.status?.witnesses ?? []).contains(EgressNode.apiWitness) {
            let name = object.key.name
            do {
                let lease = try await client.get(
                    Lease.self, EgressNode.leasePrefix + name, in: EgressNode.leaseNamespace)
                if leases.isSilent(
                    name, version: lease.metadata.resourceVersion ?? "", at: now, for: HoldTiming().silence)
                {
                    silent.insert(name)
                }
            } catch  where error.apiFailure?.isNotFound == true {
                if leases.isSilent(name, version: "", at: now, for: HoldTiming().silence) { silent.insert(name) }
            } catch {
                // Who is not known to be silent is not.
                logger.debug("a Lease cannot be read", metadata: ["node": "\(name)", "error": "\(error)"])
            }
        }
        return silent
    }

    private func apply(_ move: EgressMove) async throws {
        try await change(
            move.object,
            [
                "addresses": .array(move.addresses.sorted().map { .string("\($0)") }),
                "releasing": .array(move.releasing.sorted().map { .string("\($0)") }),
            ])
        for (address, reason) in move.reasons.sorted(by: { $0.key < $1.key }) {
            logger.notice(
                "egress address",
                metadata: ["address": "\(address)", "node": "\(move.object.key.name)", "change": "\(reason)"])
            note(address, reason, move.object)
        }
    }

    /// A change upon the version that was read; when there is another by now, it is read.
    private func change(_ object: EgressNode, _ spec: JSONValue) async throws {
        let name = object.key.name
        let document: JSONValue = [
            "metadata": ["resourceVersion": .string(object.metadata.resourceVersion ?? "")], "spec": spec,
        ]
        do {
            knowledge.egressNodes.upsert(try await client.patch(EgressNode.self, name, with: .merge(document)))
        } catch  where error.apiFailure?.isConflict == true {
            knowledge.egressNodes.upsert(try await client.get(EgressNode.self, name))
            throw error
        }
    }
}
