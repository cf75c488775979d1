import ClusterAPI
import InstallationCompiler
import KubernetesClient

/// Removes an installation, in the order that leaves no node without somebody to clean it.
struct Uninstaller: Sendable {
    let client: KubernetesClient
    let namespace: String
    let patience: Duration
    var removesDefinitions = false
    var cleansNodes = true
    let tell: @Sendable (Manifest) -> Void
    let progress: @Sendable (String) -> Void

    init(
        client: KubernetesClient, namespace: String, patience: Duration, tell: @escaping @Sendable (Manifest) -> Void,
        progress: @escaping @Sendable (String) -> Void
    ) {
        self.client = client
        self.namespace = namespace
        self.patience = patience
        self.tell = tell
        self.progress = progress
    }

    /// All that there is to remove, in order.
    func objects() async throws -> [Manifest] {
        var found = try await InstalledObjects.find(client)
        found += try await InstalledObjects.find("v1", "Namespace", client)
        guard removesDefinitions else { return found }
        found += try await InstalledObjects.find(ClusterNetwork.resource.apiVersion, "ClusterNetwork", client)
        return found
            + (try await InstalledObjects.find("apiextensions.k8s.io/v1", "CustomResourceDefinition", client))
    }

    func run() async throws {
        let all = try await objects()
        let workloads = all.filter { ["DaemonSet", "Service"].contains($0.kind) }
        // Read before anything goes: it says which image cleans the nodes. It goes after that, so a second try finds it.
        let isOnNodes = all.contains { ["gabion-agent", InstallationManifests.recordName].contains($0.name) }
        let cleanup = isOnNodes && cleansNodes ? try await cleanup() : nil
        // Name servers are pods of the network: only an agent lets them go.
        let inside = workloads.filter { $0.namespace != namespace }
        for stage in [inside, workloads.filter { $0.namespace == namespace }] {
            for manifest in stage { try await remove(manifest) }
            for manifest in stage { try await waitUntilGone(manifest) }
        }
        if let cleanup { try await clean(by: cleanup) }
        // The controller would write conditions of silent agents, and its Lease, again.
        let controllers = all.filter { $0.kind == "Deployment" }
        for manifest in controllers { try await remove(manifest) }
        for manifest in controllers { try await waitUntilGone(manifest) }
        try await NodeTraces.remove(client)
        let gone = Set((workloads + controllers).map(\.title))
        for manifest in all where !gone.contains(manifest.title) { try await remove(manifest) }
        for manifest in all where manifest.kind == "Namespace" { try await waitUntilGone(manifest) }
    }

    private func cleanup() async throws -> Manifest {
        let record = ResourceType(group: "", version: "v1", kind: "ConfigMap", plural: "configmaps", isNamespaced: true)
        let object = try await client.existing(record, InstallationManifests.recordName, in: namespace)
        guard let text = object?["data"]?[InstallationManifests.recordKey]?.string else {
            throw CommandFailure(
                "namespace \(namespace) has no ConfigMap \(InstallationManifests.recordName), which says how nodes are "
                    + "cleaned; nothing was removed",
                remedy:
                    "Name the installation's namespace with --namespace; or leave the nodes with --leave-nodes, and "
                    + "run gabion agent --cleanup on each.")
        }
        return try InstallationFile.manifests(recorded: text).cleanup
    }

    private func clean(by cleanup: Manifest) async throws {
        progress("cleaning the nodes")
        try await client.apply(cleanup.object, as: Installer.manager, isForced: true)
        do {
            try await ReadinessWatch(client: client, patience: patience, progress: progress).wait(for: [cleanup])
        } catch {
            throw CommandFailure(
                "not every node is clean: \(CommandFailure(error).cause)",
                remedy: "See its pods; uninstall again goes on from here, with --leave-nodes without the others.")
        }
        try await client.removeIfPresent(cleanup)
        try await waitUntilGone(cleanup)
    }

    private func remove(_ manifest: Manifest) async throws {
        try await client.removeIfPresent(manifest)
        tell(manifest)
    }

    /// With its pods, where it has some: two that work on one node would undo each other's work.
    private func waitUntilGone(_ manifest: Manifest) async throws {
        let limit = ContinuousClock.now + patience
        while try await isThere(manifest) {
            guard ContinuousClock.now < limit else {
                throw CommandFailure(
                    "\(manifest.title), or a pod of it, is still there after \(patience)",
                    remedy: "See why (kubectl describe), then uninstall again: it goes on from here.")
            }
            try await Task.sleep(for: .milliseconds(500))
        }
    }

    private func isThere(_ manifest: Manifest) async throws -> Bool {
        let resource = try await client.resource(of: manifest.object)
        if try await client.existing(resource, manifest.name, in: manifest.namespace) != nil { return true }
        guard ["DaemonSet", "Deployment"].contains(manifest.kind) else { return false }
        let selector = "app.kubernetes.io/name=\(manifest.name)"
        return try await !client.list(Pod.self, in: manifest.namespace, options: ListOptions(labelSelector: selector))
            .items.isEmpty
    }
}
