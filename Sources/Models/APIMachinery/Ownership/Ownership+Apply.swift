package import ClusterAPI

extension Ownership {
    /// What is to be stored after an apply.
    package struct Applied: Hashable, Sendable {
        package var object: JSONValue
        package var owners: ManagedFields
    }

    /// Puts a configuration into an object: its fields become the applier's own, and what the applier owned before and
    /// does not state any more goes, unless somebody else owns it.
    ///
    /// `live` nil is a new object. Throws 409 when another writer owns a field that would change, unless `force` takes it
    /// away from them; 400 for a configuration that lists elements twice or without their keys.
    package func applied(
        _ configuration: JSONValue, to live: JSONValue?, by writer: FieldWriter, force: Bool
    ) throws(APIStatus) -> Applied {
        let shape = shape
        try ConfigurationCheck.check(configuration, shape)
        let present = live.map(Self.bare)
        var owners = live.map(knownOwners) ?? ManagedFields()
        let own = owners.entries.firstIndex { $0.writer == writer }
        let before = own.map { owners.entries[$0] }
        if let own { owners.entries.remove(at: own) }
        let stated = Self.withoutMeta(inScope(StatedFields.of(configuration, shape), writer))

        var object = OwnershipMerge.merged(configuration, into: present, shape)
        if let last = before?.fields {
            let kept = owners.entries.reduce(stated) { $0.union($1.fields) }
            object = pruned(object, last: last, kept: kept, shape)
        }
        let comparison = FieldComparison(from: present ?? [:], to: object, shape)
        let conflicts = owners.entries.compactMap { entry -> Conflict? in
            let fields = entry.fields.intersection(comparison.changed)
            return fields.isEmpty ? nil : Conflict(entry: entry, paths: fields.paths)
        }
        guard force || conflicts.isEmpty else { throw Conflict.status(conflicts) }
        for index in owners.entries.indices {
            let fields = owners.entries[index].fields
            owners.entries[index].fields = fields.subtracting(comparison.changed).subtracting(comparison.removed)
        }
        let isSame = comparison.isEmpty && before?.fields == stated
        owners.entries.append(
            ManagedFields.Entry(
                writer: writer, apiVersion: version.apiVersion, time: (isSame ? before?.time : nil) ?? now.text,
                fields: stated))
        owners.tidy()
        return Applied(object: object, owners: owners)
    }

    /// The owners of a stored object; what was written before anybody applied has an owner of its own.
    private func knownOwners(_ live: JSONValue) -> ManagedFields {
        if let owners = ManagedFields(live["metadata"]?["managedFields"]), !owners.entries.isEmpty { return owners }
        let all = Self.withoutMeta(FieldComparison(from: [:], to: Self.bare(live), shape).changed)
        guard !all.isEmpty else { return ManagedFields() }
        return ManagedFields(entries: [
            ManagedFields.Entry(
                writer: FieldWriter(manager: "before-first-apply", operation: .update),
                apiVersion: version.apiVersion, time: now.text, fields: all)
        ])
    }

    /// The status belongs to those who apply the status, everything else to those who apply the object.
    private func inScope(_ fields: FieldSet, _ writer: FieldWriter) -> FieldSet {
        var result = fields
        if writer.subresource == "status" {
            for element in fields.members.union(fields.children.keys) where element != "f:status" {
                result.removeAll(below: element)
            }
        } else if resource.hasStatus {
            result.removeAll(below: "f:status")
        }
        return result
    }

    /// `merged` without what its applier owned and nobody owns any more.
    private func pruned(_ merged: JSONValue, last: FieldSet, kept: FieldSet, _ shape: OwnershipShape) -> JSONValue {
        guard let without = OwnershipMerge.removing(last, from: merged, shape) else { return merged }
        let all = StatedFields.of(merged, shape).withNamedFields(shape)
        let remaining = StatedFields.of(without, shape).withNamedFields(shape)
        // First what others own comes back, then what hangs on to nothing that was ever this applier's.
        let unowned = all.subtracting(remaining.union(kept.withNamedFields(shape)))
        let ours = unowned.intersection(last.withNamedFields(shape))
        return OwnershipMerge.removing(ours, from: merged, shape) ?? merged
    }

    /// Fields that somebody else owns and that an apply would change.
    private struct Conflict {
        let entry: ManagedFields.Entry
        let paths: [[String]]

        var owner: String {
            let name = JSONValue.quoted(entry.writer.manager)
            let part = entry.writer.subresource.isEmpty ? "" : " with subresource \"\(entry.writer.subresource)\""
            return entry.writer.operation == .apply ? name + part : "\(name)\(part) using \(entry.apiVersion)"
        }

        static func status(_ conflicts: [Conflict]) -> APIStatus {
            let ordered = conflicts.sorted { $0.owner < $1.owner }
            let causes = ordered.flatMap { conflict in
                conflict.paths.map {
                    APIStatus.Cause(
                        reason: "FieldManagerConflict", message: "conflict with \(conflict.owner)",
                        field: FieldPathText.of($0))
                }
            }
            let list = ordered.flatMap { conflict in
                ["conflicts with \(conflict.owner):"] + conflict.paths.map { "- " + FieldPathText.of($0) }
            }
            let message =
                causes.count == 1
                ? "Apply failed with 1 conflict: \(causes[0].message): \(causes[0].field)"
                : "Apply failed with \(causes.count) conflicts: " + list.joined(separator: "\n")
            return APIStatus(
                code: 409, reason: "Conflict", message: message, details: APIStatus.Details(causes: causes))
        }
    }
}
