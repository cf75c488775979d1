import ClusterAPI
import KubernetesClient
import Logging
import ServiceModel

/// Writes the EndpointSlices and Endpoints of services, where there is no Kubernetes that does.
///
/// Events change the model and ring the bell; one loop plans and writes. What happens while it writes is answered by its
/// next round: there is no pause in which a pod that became ready would wait.
actor EndpointReconciler {
    /// How many services one round is about: what comes meanwhile waits for no more.
    private static let breadth = 32

    private let client: KubernetesClient
    private let logger: Logger
    private var model = SliceModel()
    private var synced: Set<String> = []
    private var failed: Set<ObjectKey> = []
    private nonisolated let bell: AsyncStream<Void>
    private nonisolated let ring: AsyncStream<Void>.Continuation

    init(client: KubernetesClient, logger: Logger) {
        self.client = client
        self.logger = logger
        (bell, ring) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    }

    /// Until the task is cancelled.
    nonisolated func run() async {
        await withDiscardingTaskGroup { group in
            group.addTask { await self.follow(Service.self) }
            group.addTask { await self.follow(Pod.self) }
            group.addTask { await self.follow(Node.self) }
            group.addTask { await self.follow(Endpoints.self) }
            group.addTask { await self.follow(EndpointSlice.self) }
            group.addTask { await self.reconcileUntilCancelled() }
            group.addTask { await self.retryUntilCancelled() }
        }
    }

    private func follow<Object: SliceSource>(_ type: Object.Type) async {
        var known = KnownObjects<Object>()
        for await event in client.changes(of: type) {
            // Every server has these kinds; one that says otherwise is not believed.
            if case .missing = event { continue }
            guard let changes = known.changes(by: event) else { continue }
            for change in changes {
                switch change {
                case .entered(let object): object.enter(&model)
                case .left(let key): type.leave(key, &model)
                case .unreadable(let object): report(object, type)
                }
            }
            if known.isComplete { synced.insert(type.resource.kind) }
            ring.yield()
        }
    }

    /// What was known of it stays: endpoints that work are not taken away for a mistake elsewhere in an object.
    private func report<Object: SliceSource>(_ object: UnreadableObject, _ type: Object.Type) {
        logger.warning(
            "cannot be read, its slices stay as they are",
            metadata: ["kind": "\(type.resource.kind)", "name": "\(object.key)", "error": "\(object.reason)"])
    }

    private func reconcileUntilCancelled() async {
        for await _ in bell where synced.count == 5 {
            let plans = model.plan(limit: Self.breadth)
            await withDiscardingTaskGroup { group in
                for (service, actions) in plans { group.addTask { await self.perform(actions, for: service) } }
            }
            if !model.isSettled { ring.yield() }
        }
    }

    private func retryUntilCancelled() async {
        while (try? await Task.sleep(for: .seconds(1))) != nil {
            guard !failed.isEmpty else { continue }
            for service in failed { model.retry(service) }
            failed = []
            ring.yield()
        }
    }

    /// One after the other: what is new comes before what goes.
    private func perform(_ actions: [SliceAction], for service: ObjectKey) async {
        for action in actions {
            do {
                try await apply(action)
            } catch is CancellationError {
                return
            } catch {
                failed.insert(service)
                // Somebody was faster, and the watch will tell.
                let isExpected = error.apiFailure.map { $0.isConflict || $0.isNotFound } ?? false
                logger.log(
                    level: isExpected ? .debug : .warning, "slices not written",
                    metadata: ["service": "\(service)", "error": "\(error)"])
                return
            }
        }
    }

    /// Mirrors the answer at once, so that the next plan does not do it again before the watch tells.
    private func apply(_ action: SliceAction) async throws {
        switch action {
        case .create(let slice): model.upsert(try await client.create(slice))
        case .update(let slice): model.upsert(try await client.update(slice))
        case .delete(let slice):
            try await client.delete(
                EndpointSlice.self, slice.key.name, in: slice.key.namespace,
                options: DeleteOptions(uid: slice.metadata.uid))
            model.removeEndpointSlice(slice.key)
        case .createEndpoints(let object): model.upsert(try await client.create(object))
        case .updateEndpoints(let object): model.upsert(try await client.update(object))
        case .deleteEndpoints(let object):
            try await client.delete(
                Endpoints.self, object.key.name, in: object.key.namespace,
                options: DeleteOptions(uid: object.metadata.uid))
            model.removeEndpoints(object.key)
        }
    }
}
