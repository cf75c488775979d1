package import ClusterAPI

/// JSON merge patch, RFC 7386.
package enum MergePatch {
    /// Members of the patch replace the target's, null removes them, objects merge, everything else replaces whole.
    package static func apply(_ patch: JSONValue, to target: JSONValue) -> JSONValue {
        guard case .object(let changes) = patch else { return patch }
        var members = target.object ?? [:]
        for (key, change) in changes {
            members[key] = change == .null ? nil : apply(change, to: members[key] ?? .null)
        }
        return .object(members)
    }

    /// The patch that leads from one document to another.
    ///
    /// Exact as long as `new` holds no nulls inside objects, which a merge patch cannot express.
    package static func difference(from old: JSONValue, to new: JSONValue) -> JSONValue {
        guard case .object(let before) = old, case .object(let after) = new else { return new }
        var patch: [String: JSONValue] = [:]
        for key in before.keys where after[key] == nil { patch[key] = .null }
        for (key, value) in after where before[key] != value {
            patch[key] = difference(from: before[key] ?? .null, to: value)
        }
        return .object(patch)
    }
}
