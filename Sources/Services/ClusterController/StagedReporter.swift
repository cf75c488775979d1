import ClusterAPI
import KubernetesClient
import Logging
import PolicyEngine

/// Writes into the status of every object that stages a policy whether what is tried would hold as it is written.
actor StagedReporter {
    private let client: KubernetesClient
    private let logger: Logger
    private var knowledge = StagedKnowledge()
    private var synced: Set<String> = []
    private nonisolated let bell = StatusBell()

    init(client: KubernetesClient, logger: Logger) {
        self.client = client
        self.logger = logger
    }

    /// Until the task is cancelled.
    nonisolated func run() async {
        await withDiscardingTaskGroup { group in
            group.addTask { await self.follow(StagedPolicy.self) }
            group.addTask { await self.follow(ClusterStagedPolicy.self) }
            group.addTask { await self.follow(NetworkPolicy.self) }
            group.addTask { await self.follow(AdminNetworkPolicy.self) }
            group.addTask { await self.follow(BaselineAdminNetworkPolicy.self) }
            group.addTask { await self.follow(ClusterNetworkPolicy.self) }
            group.addTask { await self.follow(EgressFirewall.self) }
            group.addTask { await self.follow(EgressNetworkPolicy.self) }
            group.addTask { await self.follow(Zone.self) }
            group.addTask { await self.bell.answer { await self.report() } }
        }
    }

    private func follow<Object: StagingObject>(_ type: Object.Type) async {
        await client.follow(type, mayBeMissing: type != NetworkPolicy.self, ringing: bell) { changes, isComplete in
            for change in changes {
                switch change {
                case .entered(let object): object.enter(&knowledge)
                case .left(let key): type.leave(key, &knowledge)
                case .unreadable(let object): type.enter(unreadable: object, &knowledge)
                }
            }
            if isComplete { synced.insert(type.resource.kind) }
        }
    }

    /// True when every status that had to be written was written.
    private func report() async -> Bool {
        guard synced.count == 9 else { return true }
        var round = StatusRound(logger: logger)
        for (reference, status) in knowledge.wanted(at: Timestamp.now()) {
            await round.write("\(reference)") {
                try await write(status, of: reference)
                knowledge.note(status, of: reference)
            }
        }
        return round.isDone
    }

    private func write(_ status: StagedPolicyStatus, of reference: PolicyReference) async throws {
        let conditions = (status.conditions ?? []).map(\.document)
        let patch = Patch.merge(["status": ["conditions": .array(conditions)]])
        let (name, namespace) = (reference.key.name, reference.key.namespace)
        let resource = reference.kind == .stagedPolicy ? StagedPolicy.resource : ClusterStagedPolicy.resource
        _ = try await client.patch(resource, name, in: namespace, with: patch, subresource: "status")
    }
}
