import APIMachinery
import ClusterAPI
import Logging
import ServiceLifecycle

/// Removes Events an hour after they last happened, as the real server does: they are news, not state.
struct EventExpiry: ServiceLifecycle.Service {
    let store: ObjectStore
    let clock: @Sendable () -> APITime
    let logger: Logger

    private static let lifetime: Int64 = 3_600 * 1_000_000
    private static let interval = Duration.seconds(60)

    func run() async throws {
        await cancelWhenGracefulShutdown {
            // The sleep ends early, with an error, when the server stops.
            while (try? await Task.sleep(for: Self.interval)) != nil { await removeOld() }
        }
    }

    private func removeOld() async {
        let limit = clock().microseconds - Self.lifetime
        for event in store.list("events", namespace: nil).objects {
            do {
                guard try Self.happened(event) < limit else { continue }
                _ = try await store.write { view in
                    view[event.key]?.revision == event.revision ? .commit([.delete(event.key)]) : .commit([])
                }
            } catch StoreError.closed {
                return
            } catch {
                logger.error("the old event \(event.key) cannot be removed: \(error)")
            }
        }
    }

    /// When it last happened; the beginning of time for one that does not say.
    private static func happened(_ event: StoredObject) throws -> Int64 {
        let document = try event.document
        let times = [
            document["series"]?["lastObservedTime"], document["lastTimestamp"], document["eventTime"],
            document["metadata"]?["creationTimestamp"],
        ]
        return times.compactMap { $0?.string.flatMap { APITime($0) }?.microseconds }.max() ?? 0
    }
}
