package import ClusterAPI
import FoundationEssentials
package import KubernetesClient
package import LinuxSystem
import Logging

extension Lab {
    /// Runs `body` with a client of the lab's API server that may do everything.
    package func withClient<Result>(_ body: (KubernetesClient) async throws -> Result) async throws -> Result {
        var logger = Logger(label: "gabion.lab")
        logger.logLevel = .error
        let configuration = ClusterConfiguration(
            server: .unixSocket(path: directory.apiSocket), origin: "lab \(directory.name)")
        return try await KubernetesClient.withClient(configuration, logger: logger, body)
    }

    /// The objects that verdicts depend on, as the API has them now.
    package func snapshot() async throws -> ClusterSnapshot {
        try await withClient { try await ClusterSnapshot.live($0, services: true) }
    }

    /// Creates objects, or merges them into those that exist.
    ///
    /// Namespaces first.
    package func apply(_ objects: [JSONValue]) async throws {
        let plan = ManifestPlan(objects, on: topology)
        try await withClient { client in
            let writer = ObjectWriter(client: client)
            for group in [plan.namespaces, plan.admission, plan.others, plan.pods] { try await writer.apply(group) }
        }
    }

    /// Deletes objects by kind and name; those that are gone already are no error.
    package func delete(_ objects: [JSONValue]) async throws {
        try await withClient { client in
            for object in objects.flatMap(ManifestPlan.flattened) {
                let resource = try await client.resource(of: object)
                let metadata = object["metadata"]
                do {
                    try await client.delete(
                        resource, metadata?["name"]?.string ?? "", in: metadata?["namespace"]?.string ?? "default")
                } catch let error as KubernetesError {
                    guard error.failure?.isNotFound == true else { throw error }
                }
            }
        }
    }

    /// The namespace of `namespace/pod`, `node/NAME` or `outside/NAME`.
    package func namespace(of place: String) async throws -> NamespaceReference {
        let places = Places(directory.name, topology, pods: try await snapshot().pods)
        if let found = places.byName[place] ?? places.byName["default/" + place] { return found.namespace }
        let machines = places.byName.keys.filter { $0.hasPrefix("node/") || $0.hasPrefix("outside/") }.sorted()
        throw LabError(
            "there is no '\(place)' in lab \(directory.name)",
            remedy: "Name a running pod as namespace/pod, or one of \(machines.joined(separator: ", ")).")
    }

    /// What the programs of a pod see as `/etc/resolv.conf`; nil for the machine's, and for places that are no pods.
    package func resolverFile(of place: String) -> String? {
        let key = ObjectKey(place) ?? ObjectKey(namespace: "default", name: place)
        let path = directory.resolver(of: key)
        return FileManager.default.fileExists(atPath: path) ? path : nil
    }

    package func state() throws -> LabState { try LabState.read(directory) }
}
