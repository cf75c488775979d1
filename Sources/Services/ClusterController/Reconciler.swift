import ClusterAPI
import KubernetesClient
import Logging

/// Holds the mirrors, and does what the plan says. Events only change the mirrors and ring the bell.
actor Reconciler {
    /// How many requests are under way at once.
    private static let breadth = 8

    private let client: KubernetesClient
    private let recorder: EventRecorder
    private let logger: Logger
    private var snapshot = ClusterSnapshot.unknown
    private var memory = AllocationMemory()
    private var reported: Set<Finding> = []

    /// Elements mean: something has changed.
    ///
    /// Never holds more than one.
    nonisolated let bell: AsyncStream<Void>
    private nonisolated let ring: AsyncStream<Void>.Continuation

    init(client: KubernetesClient, recorder: EventRecorder, logger: Logger) {
        self.client = client
        self.recorder = recorder
        self.logger = logger
        (bell, ring) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    }

    /// Keeps one mirror up to date until the task is cancelled.
    func follow<Object: APIObject>(_ mirror: any WritableKeyPath<ClusterSnapshot, Mirror<Object>> & Sendable) async {
        for await event in client.changes(of: Object.self) {
            switch event {
            case .disconnected(let reason):
                logger.warning("lost contact", metadata: ["kind": "\(Object.resource.kind)", "error": "\(reason)"])
            case .resumed: logger.info("contact is back", metadata: ["kind": "\(Object.resource.kind)"])
            default:
                snapshot[keyPath: mirror].apply(event)
                ring.yield()
            }
        }
    }

    /// The Nodes as they are known now.
    var nodes: [Node] { snapshot.nodes.sorted }

    /// Reconciles whenever the bell has rung, with pauses that grow while changes fail.
    func reconcileUntilCancelled() async {
        var backoff = Backoff(initial: .milliseconds(100), limit: .seconds(10))
        for await _ in bell {
            do {
                if try await reconcile() {
                    backoff.reset()
                    // Events that come together are answered together.
                    try await Task.sleep(for: .milliseconds(20))
                } else {
                    try await Task.sleep(for: backoff.pause())
                    ring.yield()
                }
            } catch {
                return
            }
        }
    }

    /// Plans and applies once.
    ///
    /// True when everything that was planned was done.
    private func reconcile() async throws -> Bool {
        let plan = ClusterPlan.make(for: snapshot, memory: &memory)
        report(plan.findings)
        guard !plan.actions.isEmpty else { return true }
        var remaining = plan.actions[...]
        var succeeded = true
        while !remaining.isEmpty {
            let batch = remaining.prefix(Self.breadth)
            remaining = remaining.dropFirst(batch.count)
            await withTaskGroup(of: Bool.self) { group in
                for action in batch { group.addTask { await self.perform(action) } }
                for await done in group where !done { succeeded = false }
            }
            try Task.checkCancellation()
        }
        // The changes of a node come in steps: its subnet first, then its podCIDRs.
        ring.yield()
        return succeeded
    }

    private func report(_ findings: Set<Finding>) {
        for finding in findings.subtracting(reported) {
            logger.warning("\(finding.message)", metadata: ["reason": "\(finding.reason.rawValue)"])
            if finding.deservesEvent, let object = finding.object {
                recorder.record(.warning, about: object, reason: finding.reason.rawValue, message: finding.message)
            }
        }
        for finding in reported.subtracting(findings) {
            logger.info("no longer: \(finding.message)", metadata: ["reason": "\(finding.reason.rawValue)"])
        }
        reported = findings
    }

    /// Does one action and mirrors its result at once, so that the next plan does not do it again before the watch
    /// tells.
    private func perform(_ action: ControllerAction) async -> Bool {
        do {
            try await apply(action)
            logger.info("done", metadata: ["action": "\(action)"])
            return true
        } catch is CancellationError {
            return false
        } catch {
            // Somebody was faster, and the watch will tell.
            let isExpected = error.apiFailure.map { $0.isConflict || $0.alreadyExists || $0.isNotFound } ?? false
            logger.log(
                level: isExpected ? .debug : .warning, "not done",
                metadata: ["action": "\(action)", "error": "\(error)"])
            return false
        }
    }

    private func apply(_ action: ControllerAction) async throws {
        switch action {
        case .createHostSubnet(let hostSubnet):
            snapshot.hostSubnets.upsert(try await client.create(hostSubnet))
            noteSubnet(of: hostSubnet)
        case .updateHostSubnet(let hostSubnet):
            let patch = Patch.merge(hostSubnet.change)
            snapshot.hostSubnets.upsert(try await client.patch(HostSubnet.self, hostSubnet.key.name, with: patch))
        case .deleteHostSubnet(let name, let uid):
            try await client.delete(HostSubnet.self, name, options: DeleteOptions(uid: uid))
            snapshot.hostSubnets.remove(name, uid: uid)
        case .setPodCIDRs(let node, let cidrs):
            let change: JSONValue = [
                "spec": ["podCIDR": .string(cidrs.first ?? ""), "podCIDRs": .array(cidrs.map { .string($0) })]
            ]
            snapshot.nodes.upsert(try await client.patch(Node.self, node, with: .merge(change)))
        case .createNetNamespace(let netNamespace):
            snapshot.netNamespaces.upsert(try await client.create(netNamespace))
        case .deleteNetNamespace(let name, let uid):
            try await client.delete(NetNamespace.self, name, options: DeleteOptions(uid: uid))
            snapshot.netNamespaces.remove(name, uid: uid)
        case .moveNetNamespace(let moved):
            let patch = Patch.merge(moved.move)
            snapshot.netNamespaces.upsert(try await client.patch(NetNamespace.self, moved.key.name, with: patch))
            recorder.record(
                .normal, about: ObjectReference(to: moved), reason: "NetworkChanged",
                message: "the project has VNID \(moved.netid)")
        }
    }

    private func noteSubnet(of hostSubnet: HostSubnet) {
        recorder.record(
            .normal, about: ObjectReference(apiVersion: "v1", kind: "Node", name: hostSubnet.host),
            reason: "SubnetAssigned", message: "pods of this node get \(hostSubnet.allSubnets.joined(separator: ", "))")
    }
}

extension HostSubnet {
    /// The merge patch that makes the stored object say the same as this one, if it is still this version.
    var change: JSONValue {
        var metadata: JSONValue = [:]
        if let version = self.metadata.resourceVersion { metadata["resourceVersion"] = .string(version) }
        if let uid = self.metadata.annotations?[HostSubnetAnnotation.nodeUID] {
            metadata["annotations"] = [HostSubnetAnnotation.nodeUID: .string(uid)]
        }
        return [
            "metadata": metadata, "host": .string(host), "hostIP": .string(hostIP), "subnet": .string(subnet),
            "hostIPs": .array(allHostIPs.map { .string($0) }), "subnets": .array(allSubnets.map { .string($0) }),
        ]
    }
}
