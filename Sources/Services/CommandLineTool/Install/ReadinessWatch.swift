import ClusterAPI
import InstallationCompiler
import KubernetesClient

/// Waits until objects do what they are for, and tells how far they are.
struct ReadinessWatch: Sendable {
    let client: KubernetesClient
    let patience: Duration
    let progress: @Sendable (String) -> Void

    /// Returns at once for kinds that are ready when they are there.
    func wait(for manifests: [Manifest]) async throws {
        var waiting = manifests.filter { WorkloadState.kinds.contains($0.kind) }
        var told: [String: String] = [:]
        let limit = ContinuousClock.now + patience
        while !waiting.isEmpty {
            var still: [Manifest] = []
            for manifest in waiting {
                let resource = try await client.resource(of: manifest.object)
                let object = try await client.existing(resource, manifest.name, in: manifest.namespace)
                let readiness = WorkloadState(object)
                if told[manifest.title] != readiness.text, manifest.kind != "CustomResourceDefinition" {
                    progress("\(manifest.title): \(readiness.text)")
                }
                told[manifest.title] = readiness.text
                if !readiness.isReady { still.append(manifest) }
            }
            waiting = still
            if let first = waiting.first {
                guard ContinuousClock.now < limit else { throw failure(first, told[first.title] ?? "", waiting.count) }
                try await Task.sleep(for: .milliseconds(500))
            }
        }
    }

    private func failure(_ manifest: Manifest, _ state: String, _ count: Int) -> CommandFailure {
        let others = count > 1 ? " (and \(count - 1) more)" : ""
        let place = manifest.namespace.map { "-n \($0) " } ?? ""
        return CommandFailure(
            "\(manifest.title)\(others) is not ready after \(patience): \(state); it stays in place",
            remedy:
                "See why with kubectl \(place)describe \(manifest.kind.lowercased()) \(manifest.name) and its pods; "
                + "then apply again. A longer --timeout waits longer.")
    }
}

/// How far an object is.
struct WorkloadState: Hashable, Sendable {
    static let kinds: Set<String> = ["CustomResourceDefinition", "Deployment", "DaemonSet"]

    let isReady: Bool
    let text: String

    /// Of nil: an object that is not there.
    init(_ object: JSONValue?) {
        guard let object else {
            (isReady, text) = (false, "is not there")
            return
        }
        let status = object["status"]
        let number = { (key: String) in status?[key]?.int ?? 0 }
        let isSeen = number("observedGeneration") >= (object["metadata"]?["generation"]?.int ?? 0)
        switch object["kind"]?.string {
        case "Deployment":
            let wanted = object["spec"]?["replicas"]?.int ?? 1
            let ready = min(number("updatedReplicas"), number("availableReplicas"))
            isReady = isSeen && ready >= wanted && number("replicas") == wanted
            text = isReady ? "ready" : "\(isSeen ? ready : 0) of \(wanted) pods are new and ready"
        case "DaemonSet":
            let wanted = number("desiredNumberScheduled")
            let ready = min(number("updatedNumberScheduled"), number("numberAvailable"))
            isReady = isSeen && ready >= wanted
            text = isReady ? "ready on \(wanted) nodes" : "new and ready on \(isSeen ? ready : 0) of \(wanted) nodes"
        default:
            let conditions = status?["conditions"]?.array ?? []
            isReady = conditions.contains { $0["type"] == "Established" && $0["status"] == "True" }
            text = isReady ? "established" : "not established"
        }
    }
}
