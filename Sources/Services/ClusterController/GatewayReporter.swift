import ClusterAPI
import KubernetesClient
import Logging

/// Takes the word of pods that are no more out of the status of EgressGateways, and says where no pod serves one.
///
/// What a living pod says, it writes itself. Both write over what they have read, or not at all.
actor GatewayReporter {
    private let client: KubernetesClient
    private let logger: Logger
    private var gateways: [ObjectKey: EgressGateway] = [:]
    private var pods: Set<ObjectKey> = []
    private var knowsGateways = false
    private var knowsPods = false
    private nonisolated let bell = StatusBell()

    init(client: KubernetesClient, logger: Logger) {
        self.client = client
        self.logger = logger
    }

    /// Until the task is cancelled.
    nonisolated func run() async {
        await withDiscardingTaskGroup { group in
            group.addTask { await self.followGateways() }
            group.addTask { await self.followPods() }
            group.addTask { await self.bell.answer { await self.report() } }
        }
    }

    private func followGateways() async {
        await client.follow(EgressGateway.self, mayBeMissing: true, ringing: bell) { changes, isComplete in
            for change in changes {
                switch change {
                case .entered(let gateway): gateways[gateway.key] = gateway
                case .left(let key): gateways[key] = nil
                // Its pods have the word.
                case .unreadable(let object): gateways[object.key] = nil
                }
            }
            knowsGateways = isComplete
        }
    }

    private func followPods() async {
        await client.follow(Pod.self, labelSelector: EgressGateway.podLabel, mayBeMissing: false, ringing: bell) {
            changes, isComplete in
            for change in changes {
                switch change {
                case .entered(let pod) where pod.hasTerminated: pods.remove(pod.key)
                case .entered(let pod): pods.insert(pod.key)
                case .left(let key): pods.remove(key)
                case .unreadable: continue
                }
            }
            knowsPods = isComplete
        }
    }

    /// True when every status that had to be written was written.
    private func report() async -> Bool {
        guard knowsGateways, knowsPods else { return true }
        var round = StatusRound(logger: logger)
        for (key, gateway) in gateways.sorted(by: { $0.key < $1.key }) {
            let said = gateway.status?.gateways ?? []
            let missing = said.filter { !pods.contains(ObjectKey(namespace: key.namespace, name: $0.pod)) }
            guard !missing.isEmpty || said.isEmpty && gateway.status?.conditions == nil else { continue }
            await round.write("EgressGateway \(key)") {
                var gone: Set<String> = []
                for entry in missing where try await isGone(entry.pod, in: key.namespace) { gone.insert(entry.pod) }
                let status = EgressGatewayStatus(said.filter { !gone.contains($0.pod) }, of: gateway, at: .now())
                guard status != gateway.status else { return }
                gateways[key] = try await client.patch(
                    EgressGateway.self, key.name, in: key.namespace, with: .merge(status.patch(over: gateway)),
                    subresource: "status")
            }
        }
        return round.isDone
    }

    /// The API's own word: a pod may speak before we have heard of it.
    private func isGone(_ pod: String, in namespace: String) async throws -> Bool {
        do {
            return try await client.get(Pod.self, pod, in: namespace).hasTerminated
        } catch  where error.apiFailure?.isNotFound == true {
            return true
        }
    }
}
