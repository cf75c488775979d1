import ClusterAPI
import InstallationCompiler
import KubernetesClient

/// Puts manifests in place, part by part, and says what became of each.
struct Installer: Sendable {
    enum Action: String, Sendable {
        case created, changed, unchanged, removed
    }

    /// As whom the fields are ours.
    static let manager = "gabion-install"

    let client: KubernetesClient
    /// In the order of their parts.
    let parts: [(part: InstallationPart, manifests: [Manifest])]
    var isForced = false
    /// How long each part may take to be ready; nil: nobody waits.
    var patience: Duration? = .seconds(300)
    /// Told of each object.
    let tell: @Sendable (Manifest, Action) -> Void
    /// Told of what is waited for.
    let progress: @Sendable (String) -> Void

    private var manifests: [Manifest] { parts.flatMap(\.manifests) }

    /// Asks the server about everything that it can judge by now, and changes nothing.
    ///
    /// - Throws: what would stop the installation half-way: conflicts with others' fields, kinds that nobody serves.
    func survey() async throws {
        var conflicts: [String] = []
        for manifest in manifests {
            guard try await isJudged(manifest) else { continue }
            do {
                try await client.apply(manifest.object, as: Self.manager, isForced: isForced, isTrial: true)
            } catch let error where error.apiFailure?.isConflict == true {
                let causes = error.apiFailure?.status.details?.causes ?? []
                conflicts += causes.map { "\(manifest.title): \($0.field ?? "a field"): \($0.message ?? "conflict")" }
                if causes.isEmpty { conflicts.append("\(manifest.title): \(error)") }
            } catch {
                throw CommandFailure(
                    "\(manifest.title) would be refused: \(CommandFailure(error).cause); nothing was changed",
                    remedy: CommandFailure(error).remedy)
            }
        }
        guard conflicts.isEmpty else {
            throw CommandFailure(
                "others have set what the installation sets, so nothing was changed:\n  "
                    + conflicts.joined(separator: "\n  "),
                remedy: "Let them have it (take it out of what they apply), or take it over with --force-conflicts.")
        }
    }

    /// Kinds that come with the installation, and namespaces, are not there the first time.
    private func isJudged(_ manifest: Manifest) async throws -> Bool {
        let brought = manifests.compactMap { $0.object["spec"]?["names"]?["kind"]?.string }
        do {
            _ = try await client.resource(of: manifest.object)
        } catch KubernetesError.unknownResource where brought.contains(manifest.kind) {
            return false
        }
        guard let namespace = manifest.namespace else { return true }
        let isBrought = manifests.contains { $0.kind == "Namespace" && $0.name == namespace }
        guard isBrought else { return true }
        return try await client.existing(Namespace.resource, namespace) != nil
    }

    /// Writes part by part; waits for each before the next.
    func apply() async throws {
        for (_, manifests) in parts {
            for manifest in manifests { tell(manifest, try await apply(manifest)) }
            if let patience {
                let watch = ReadinessWatch(client: client, patience: patience, progress: progress)
                try await watch.wait(for: manifests)
            }
        }
    }

    private func apply(_ manifest: Manifest) async throws -> Action {
        let resource = try await settled(manifest)
        let before = try await client.existing(resource, manifest.name, in: manifest.namespace)
        do {
            let after = try await client.apply(manifest.object, as: Self.manager, isForced: isForced)
            guard let before else { return .created }
            let versions = [before, after].map { $0["metadata"]?["resourceVersion"]?.string }
            return versions[0] == versions[1] ? .unchanged : .changed
        } catch {
            let cause = CommandFailure(error)
            throw CommandFailure(
                "\(manifest.title) was not applied: \(cause.cause); what is said above is in place, the rest is not",
                remedy: "Mend it and apply again: what is in place stays unchanged. \(cause.remedy)")
        }
    }

    /// A kind whose definition has just come is not served at once.
    private func settled(_ manifest: Manifest) async throws -> ResourceType {
        let limit = ContinuousClock.now + .seconds(15)
        while true {
            do {
                return try await client.resource(of: manifest.object)
            } catch KubernetesError.unknownResource where ContinuousClock.now < limit {
                try await Task.sleep(for: .milliseconds(300))
            }
        }
    }

    /// Removes what carries our label and is not to be there any more, such as a component that was taken out.
    func prune() async throws {
        let wanted = Set(manifests.map(\.title))
        for manifest in try await InstalledObjects.find(client) where !wanted.contains(manifest.title) {
            try await client.removeIfPresent(manifest)
            tell(manifest, .removed)
        }
    }
}

extension KubernetesClient {
    /// Nil when there is none.
    func existing(_ resource: ResourceType, _ name: String, in namespace: String? = nil) async throws -> JSONValue? {
        do {
            return try await get(resource, name, in: namespace)
        } catch let error where error.apiFailure?.isNotFound == true {
            return nil
        }
    }

    func removeIfPresent(_ manifest: Manifest) async throws {
        do {
            let resource = try await resource(of: manifest.object)
            try await delete(
                resource, manifest.name, in: manifest.namespace, options: DeleteOptions(propagationPolicy: .background))
        } catch KubernetesError.unknownResource {
            return
        } catch let error where error.apiFailure?.isNotFound == true {
            return
        }
    }
}
