import AddressAllocation
import ClusterAPI
import KubernetesClient
import Logging
import NetworkTypes

/// Gives services of type LoadBalancer their addresses, and tells which external IPs are against the policies.
actor ExternalIPReconciler {
    private let client: KubernetesClient
    private let recorder: EventRecorder
    private let logger: Logger
    private var knowledge = ExternalIPKnowledge()
    /// True beside the embedded server, where nobody else gives addresses to load balancers.
    private let isAlone: Bool
    /// What has been told of each service, by reason.
    private var told: [ObjectKey: [String: String]] = [:]
    private nonisolated let bell = StatusBell(pause: .milliseconds(100), retry: .seconds(1))

    init(client: KubernetesClient, isAlone: Bool, recorder: EventRecorder, logger: Logger) {
        self.client = client
        self.isAlone = isAlone
        self.recorder = recorder
        self.logger = logger
    }

    /// Until the task is cancelled.
    nonisolated func run() async {
        await withDiscardingTaskGroup { group in
            group.addTask { await self.followServices() }
            group.addTask { await self.follow(\.policies) }
            group.addTask { await self.follow(\.networks) }
            group.addTask { await self.follow(\.nodes) }
            group.addTask { await self.bell.answer { await self.reconcile() } }
        }
    }

    private func follow<Object: APIObject>(
        _ mirror: any WritableKeyPath<ExternalIPKnowledge, Mirror<Object>> & Sendable
    ) async {
        var timing = WatchTiming()
        // A cluster may be without our kinds: then it has no objects of them.
        if Object.self != Node.self { timing.missingPause = .seconds(30) }
        for await event in client.changes(of: Object.self, timing: timing) {
            knowledge[keyPath: mirror].apply(event)
            bell.ring()
        }
    }

    private func followServices() async {
        for await event in client.changes(of: Service.self) {
            switch event {
            case .replaced(_, let unreadable): for object in unreadable { report(object) }
            case .unreadable(let object): report(object)
            default: break
            }
            if knowledge.services.apply(event) { bell.ring() }
        }
    }

    private func report(_ object: UnreadableObject) {
        logger.warning(
            "a service cannot be read, and keeps what it has",
            metadata: ["name": "\(object.key)", "error": "\(object.reason)"])
    }

    /// True when everything that had to be written was written.
    private func reconcile() async -> Bool {
        guard knowledge.isComplete else { return true }
        let rules = knowledge.rules
        let plan = knowledge.plan(rules, isAlone: isAlone)
        tell(knowledge.complaints(rules), "ExternalIPRejected")
        tell(plan.outcomes.compactMapValues(\.problem), "NoExternalAddress")
        var round = StatusRound(logger: logger)
        for (key, outcome) in plan.outcomes.sorted(by: { $0.key < $1.key }) {
            guard let service = knowledge.services[key] else { continue }
            let wanted = LoadBalancerStatus(ingress: outcome.addresses.map { LoadBalancerIngress(ip: "\($0)") })
            guard (service.status?.loadBalancer?.ingress ?? []) != wanted.ingress else { continue }
            await round.write("Service \(key)") { try await write(wanted, to: service) }
        }
        for (name, status) in knowledge.statuses(rules, at: Timestamp.now()) {
            await round.write("ExternalIPPolicy \(name)") {
                let patch = Patch.merge(["status": status.document])
                let written = try await client.patch(
                    ExternalIPPolicy.self, name, with: patch, subresource: "status")
                knowledge.policies.upsert(written)
            }
        }
        return round.isDone
    }

    private func write(_ status: LoadBalancerStatus, to service: Service) async throws {
        let texts = (status.ingress ?? []).compactMap(\.ip)
        let ingress = JSONValue.array(texts.map { ["ip": .string($0)] })
        let patch = Patch.merge(["status": ["loadBalancer": ["ingress": ingress]]])
        let written = try await client.patch(
            Service.self, service.key.name, in: service.key.namespace, with: patch, subresource: "status")
        // The next plan is not to give what this one gave, before the watch tells.
        knowledge.services.upsert(written)
        let before = service.balancerAddresses.map(\.description).joined(separator: ", ")
        if texts.isEmpty {
            recorder.record(
                .normal, about: service, reason: "ExternalAddressWithdrawn", message: "no longer reached at \(before)")
        } else {
            recorder.record(
                .normal, about: service, reason: "ExternalAddressAssigned",
                message: "reached at \(texts.joined(separator: ", "))")
        }
    }

    /// Once for every service and message.
    private func tell(_ messages: [ObjectKey: String], _ reason: String) {
        for (key, message) in messages where told[key]?[reason] != message {
            guard let service = knowledge.services[key] else { continue }
            recorder.record(.warning, about: service, reason: reason, message: message)
        }
        for key in Set(told.keys).union(messages.keys) {
            told[key, default: [:]][reason] = messages[key]
            if told[key]?.isEmpty == true { told[key] = nil }
        }
    }
}
