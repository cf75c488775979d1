import ClusterAPI
import KubernetesClient
import Logging
import PolicyEngine

/// Writes into the status of every object that stages a policy whether what is tried would hold as it is written.
actor StagedReporter {
    private let client: KubernetesClient
    private let logger: Logger
    /// Those that stage, and those that can be staged.
    private static let kinds: [any StagingObject.Type] = [
        StagedPolicy.self, ClusterStagedPolicy.self, NetworkPolicy.self, AdminNetworkPolicy.self,
        BaselineAdminNetworkPolicy.self, ClusterNetworkPolicy.self, EgressFirewall.self, EgressNetworkPolicy.self,
        Zone.self, MetadataAccess.self,
    ]

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
            for kind in Self.kinds { group.addTask { await self.follow(kind) } }
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
        guard synced.count == Self.kinds.count else { return true }
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
