import ClusterAPI
import KubernetesClient
import LinuxSystem

/// The scheduler and the kubelets of all nodes in one: keeps the lab's pods as the API wants them.
struct Kubelet: Sendable {
    let table: PodTable
    let runner: PodRunner
    let client: KubernetesClient
    /// How many pods are brought up or down at once.
    private static let workers = 8

    /// Works until the task is cancelled.
    func run() async throws {
        try await withThrowingDiscardingTaskGroup { group in
            group.addTask { await watch() }
            group.addTask {
                while !Task.isCancelled {
                    await table.checkProcesses()
                    try await Task.sleep(for: .milliseconds(250))
                }
            }
            for _ in 0..<Self.workers {
                group.addTask {
                    while !Task.isCancelled {
                        guard let job = await table.next() else {
                            try await Task.sleep(for: .milliseconds(25))
                            continue
                        }
                        await perform(job)
                    }
                }
            }
        }
    }

    private func watch() async {
        for await event in client.changes(of: Pod.self) {
            switch event {
            case .replaced(let pods, let unreadable):
                await table.replace(pods, keeping: Set(unreadable.map(\.key)))
            case .upserted(let pod): await table.upsert(pod)
            case .deleted(let pod): await table.remove(pod)
            case .unreadable, .disconnected, .missing, .resumed: break
            }
        }
    }

    private func perform(_ job: PodTable.Job) async {
        switch job {
        case .place(let pod): await attempt(pod) { try await place(pod) }
        case .start(let pod, let node): await attempt(pod) { try await runner.start(pod, on: node) }
        case .end(let pod, let phase):
            await attempt(pod, isFinal: true) {
                try await runner.reportEnded(pod, as: phase)
                return nil
            }
        case .stop(let record):
            do {
                try await runner.stop(record)
                await table.finished(record.uid, nil)
            } catch {
                _ = await table.failed(record.uid, "\(error)")
            }
        case .revive(let record):
            let revived = revive(record)
            try? await runner.report(revived, isReady: revived.endedAs == nil)
            await table.finished(record.uid, revived)
        }
    }

    /// Tries a job; what keeps failing is shown in the pod's status.
    private func attempt(_ pod: Pod, isFinal: Bool = false, _ body: () async throws -> PodRecord?) async {
        let uid = PodTable.uid(pod)
        do {
            await table.finished(uid, try await body(), isFinal: isFinal)
        } catch {
            let count = await table.failed(uid, "\(error)")
            if count == 10 { try? await runner.reportWaiting(pod, "FailedCreatePodSandBox", "\(error)") }
        }
    }

    private func place(_ pod: Pod) async throws -> PodRecord? {
        guard let node = await table.place(pod) else {
            let selector = (pod.spec?.nodeSelector ?? [:]).sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
            let message = "no node of the lab has the labels \(selector.joined(separator: ", "))"
            try await runner.reportWaiting(pod, "Unschedulable", message)
            throw LabError(message)
        }
        try await runner.bind(pod, to: node)
        return nil
    }

    /// Starts ended processes again, or records the pod's end, as its restartPolicy says.
    private func revive(_ record: PodRecord) -> PodRecord {
        var record = record
        var exits: [Bool] = []
        for index in record.containers.indices {
            let container = record.containers[index]
            guard let status = container.process.status() else { continue }
            let mayRestart =
                container.plan.restartPolicy == "Always"
                || (container.plan.restartPolicy == "OnFailure" && !status.isSuccess)
            if mayRestart, let process = try? runner.spawn(container.plan, record) {
                record.containers[index].process = process
                record.containers[index].restarts += 1
                record.mayReviveAt = .now + .milliseconds(min(100 << min(container.restarts, 8), 10_000))
            } else {
                exits.append(status.isSuccess)
            }
        }
        if exits.count == record.containers.count { record.endedAs = exits.allSatisfy(\.self) ? "Succeeded" : "Failed" }
        return record
    }
}
