import ClusterAPI
import KubernetesClient
import Lab
import LinuxSystem

/// The embedded API server with 10,000 objects and 200 watchers.
struct APIBench {
    let lab: Lab
    let objects: Int
    let watchers: Int

    private static let namespace = "api-bench"

    func run() async throws -> [BenchMeasure] {
        try await lab.withClient { client in
            _ = try? await client.create(Namespace(metadata: ObjectMeta(name: Self.namespace)))
            let clock = ContinuousClock()
            let creating = try await clock.measure { try await create(client) }
            let listing = try await clock.measure { _ = try await client.list(Lease.self, in: Self.namespace) }
            let fanOut = try await fanOut(client)
            return [
                .figure(
                    "API server: creates per second, 16 at once", Double(objects) / (creating.milliseconds / 1e3), "1/s"
                ),
                .figure("API server: list \(objects) objects, decoded", listing.milliseconds, "ms"),
                .figure("API server: one change to the last of \(watchers) watchers, p50", fanOut.median, "ms"),
                .figure(
                    "API server: one change to the last of \(watchers) watchers, p99", fanOut.percentile(0.99), "ms"),
            ]
        }
    }

    private func create(_ client: KubernetesClient) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for worker in 0..<16 {
                group.addTask {
                    for number in stride(from: worker, to: objects, by: 16) {
                        let metadata = ObjectMeta(
                            name: "lease-\(number)", namespace: Self.namespace, labels: ["part": "p\(number % 100)"])
                        _ = try await client.create(
                            Lease(metadata: metadata, spec: LeaseSpec(holderIdentity: "holder-\(number)")))
                    }
                }
            }
            try await group.waitForAll()
        }
    }

    /// For 50 changes, how long until every watcher has seen it.
    private func fanOut(_ client: KubernetesClient) async throws -> [Double] {
        let (sightings, witness) = AsyncStream.makeStream(of: Int.self)
        return try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<watchers {
                group.addTask {
                    for try await event in client.changes(of: Lease.self, in: Self.namespace) {
                        switch event {
                        case .replaced: witness.yield(-1)
                        case .upserted(let lease): witness.yield(lease.spec?.leaseTransitions ?? -2)
                        default: break
                        }
                    }
                }
            }
            var seen = sightings.makeAsyncIterator()
            for _ in 0..<watchers { _ = await seen.next() }
            var times: [Double] = []
            for round in 1...50 {
                var lease = try await client.get(Lease.self, "lease-0", in: Self.namespace)
                lease.spec?.leaseTransitions = round
                let start = ContinuousClock.now
                _ = try await client.update(lease)
                var missing = watchers
                while missing > 0, let number = await seen.next() { if number == round { missing -= 1 } }
                times.append(start.duration(to: .now).milliseconds)
            }
            group.cancelAll()
            return times
        }
    }
}
