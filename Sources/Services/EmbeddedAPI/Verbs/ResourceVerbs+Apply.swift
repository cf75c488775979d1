import APIMachinery
import ClusterAPI
import Foundation

extension ResourceVerbs {
    /// Server-side apply: puts a configuration into an object, or creates it.
    func apply(_ request: ResourceRequest) async throws -> APIResponse {
        let patch = try request.applyPatch()
        let ownership = Ownership(resource: request.resource, version: request.version, now: request.now)
        var change = Change { existing in
            let present = request.resource.converted(existing, to: request.version)
            let applied = try ownership.applied(
                patch.configuration, to: present, by: patch.writer, force: patch.force)
            return (applied.object, .given(applied.owners))
        }
        if request.target.subresource == nil { change.creation = try creation(by: patch, ownership, request) }
        return try await replace(request, by: change)
    }

    private func creation(
        by patch: ApplyPatch, _ ownership: Ownership, _ request: ResourceRequest
    ) throws -> @Sendable (StoreView) throws -> StoreDecision {
        let key = try request.key()
        let isDryRun = try request.isDryRun()
        let write = try request.objectWrite()
        let uid = UUID().uuidString.lowercased()
        return { view in
            if let refusal = request.createRefusal { throw refusal }
            if let stated = patch.configuration["metadata"]?["uid"]?.string, !stated.isEmpty {
                throw APIStatus.conflict(
                    request.resource, name: key.name,
                    why: "uid mismatch: the provided object specified uid \(stated), and no existing object was found")
            }
            let applied = try ownership.applied(
                patch.configuration, to: nil, by: patch.writer, force: patch.force)
            var write = write
            write.ownership = .given(applied.owners)
            let prepared = try write.create(applied.object, uid: uid, nameSuffix: "")
            let name = prepared.object["metadata"]?["name"]?.string ?? ""
            guard name == key.name else {
                throw APIStatus.badRequest(
                    "the name of the object (\(name)) does not match the name on the URL (\(key.name))")
            }
            return try creation(
                of: try completed(prepared.object, key), at: key, request, isDryRun: isDryRun, in: view)
        }
    }
}
