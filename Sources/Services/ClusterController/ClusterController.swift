package import ClusterAPI
package import KubernetesClient
package import Logging
import ServiceLifecycle

/// The cluster-wide decisions: which node has which pod subnet, which namespace has which network id,
/// what the zones, and policies that are tried, come to, which agents have fallen silent, who is behind services, which
/// addresses from outside they have, and which node holds which egress address.
///
/// Any number may run; the one that holds the Lease acts, the others stand by.
package struct ClusterController: ServiceLifecycle.Service {
    /// The Lease that candidates compete for.
    package static let lease = ObjectKey(namespace: "kube-system", name: "gabion-controller")

    private let client: KubernetesClient
    private let identity: String
    private let timing: LeaseTiming
    private let logger: Logger

    /// `identity` must differ between candidates: host name and process id, for instance.
    package init(client: KubernetesClient, identity: String, timing: LeaseTiming = LeaseTiming(), logger: Logger) {
        self.client = client
        self.identity = identity
        self.timing = timing
        self.logger = logger
    }

    /// Works until graceful shutdown, and gives the lease back then; until then, losing the lease means standing by
    /// again.
    package func run() async throws {
        let election = LeaderElection(client: client, lease: Self.lease, identity: identity, timing: timing)
        while true {
            do {
                try await cancelWhenGracefulShutdown { try await election.acquire() }
            } catch is CancellationError {
                return
            }
            let ended = try await election.hold {
                await cancelWhenGracefulShutdown { await lead() }
            }
            if ended { return }
        }
    }

    /// Decides and acts until the task is cancelled.
    ///
    /// The caller holds the lease.
    package func lead() async {
        let recorder = EventRecorder(client: client, component: "gabion-controller")
        let reconciler = Reconciler(client: client, recorder: recorder, logger: logger)
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await recorder.run() }
            group.addTask { await reconciler.follow(\.networks) }
            group.addTask { await reconciler.follow(\.nodes) }
            group.addTask { await reconciler.follow(\.hostSubnets) }
            group.addTask { await reconciler.follow(\.namespaces) }
            group.addTask { await reconciler.follow(\.netNamespaces) }
            group.addTask { await reconciler.reconcileUntilCancelled() }
            group.addTask { await AgentWatch(client: client, logger: logger).run { await reconciler.nodes } }
            group.addTask { await serve(recorder) }
            group.addTask { await ZoneReporter(client: client, logger: logger).run() }
            group.addTask { await StagedReporter(client: client, logger: logger).run() }
            group.addTask { await EgressReporter(client: client, logger: logger).run() }
            group.addTask { await GatewayReporter(client: client, logger: logger).run() }
            group.addTask {
                await EgressAddressReconciler(client: client, recorder: recorder, logger: logger).run()
            }
        }
    }

    /// What concerns services: all of it beside the embedded server, less of it where Kubernetes has controllers of its own.
    private func serve(_ recorder: EventRecorder) async {
        guard let isOurs = await ServerIdentity(client: client, logger: logger).isOurs() else { return }
        await withTaskGroup(of: Void.self) { group in
            if isOurs {
                group.addTask { await EndpointReconciler(client: client, logger: logger).run() }
            } else {
                logger.info("endpoints of services are left to the cluster's own controllers")
            }
            group.addTask {
                await ExternalIPReconciler(client: client, isAlone: isOurs, recorder: recorder, logger: logger).run()
            }
        }
    }
}
