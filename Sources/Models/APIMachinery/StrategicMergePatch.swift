import ClusterAPI

/// Strategic merge patch (apimachinery `util/strategicpatch`): a merge patch whose lists merge by key, with directives:
/// `$patch`, `$retainKeys`, `$deleteFromPrimitiveList/f`, `$setElementOrder/f`.
struct StrategicMergePatch {
    private let root: FieldShape

    init(resource: ResourceDescriptor) { root = TypeTable.root(of: resource) }

    /// Throws 400 for directives that make no sense.
    func apply(_ patch: JSONValue, to target: JSONValue) throws(APIStatus) -> JSONValue {
        .object(try merge(patch.object ?? [:], into: target.object ?? [:], root))
    }

    private static let deletion = "$deleteFromPrimitiveList/"
    private static let order = "$setElementOrder/"

    private func merge(
        _ patch: [String: JSONValue], into target: [String: JSONValue], _ shape: FieldShape
    ) throws(APIStatus) -> [String: JSONValue] {
        var patch = patch
        var result = target
        switch patch.removeValue(forKey: "$patch") {
        case nil, "merge": break
        case "replace": return try merge(patch, into: [:], shape)
        case "delete": return [:]
        case let other?: throw .badRequest("unknown patch type \(other.compactText) for $patch")
        }
        if let kept = patch.removeValue(forKey: "$retainKeys") { result = try retain(kept, patch, in: result) }
        for (key, value) in patch where key.hasPrefix("$") {
            guard key.hasPrefix(Self.deletion) || key.hasPrefix(Self.order) else {
                throw .badRequest("unknown directive \"\(key)\" in a strategic merge patch")
            }
            guard let list = value.array else { throw .badRequest("\"\(key)\" must be a list") }
            guard key.hasPrefix(Self.deletion) else { continue }
            let field = String(key.dropFirst(Self.deletion.count))
            result[field] = result[field]?.array.map { .array($0.filter { !list.contains($0) }) } ?? result[field]
        }
        for (key, change) in patch where !key.hasPrefix("$") {
            result[key] = change == .null ? nil : try merged(change, result[key], shape.member(key))
        }
        for (key, value) in patch where key.hasPrefix(Self.order) {
            let field = String(key.dropFirst(Self.order.count))
            guard let elements = result[field]?.array, let wanted = value.array else { continue }
            let list = ListIdentity(shape.member(field))
            result[field] = .array(list.ordered(elements, by: wanted, before: target[field]?.array ?? []))
        }
        return result
    }

    private func retain(
        _ kept: JSONValue, _ patch: [String: JSONValue], in target: [String: JSONValue]
    ) throws(APIStatus) -> [String: JSONValue] {
        guard let names = kept.array else { throw .badRequest("$retainKeys must be a list of field names") }
        let wanted = Set(names.compactMap(\.string))
        if let stray = patch.keys.sorted().first(where: {
            !$0.hasPrefix("$") && patch[$0] != .null && !wanted.contains($0)
        }) {
            throw .badRequest("field \"\(stray)\" is in the patch but not in its $retainKeys list")
        }
        return target.filter { wanted.contains($0.key) }
    }

    private func merged(_ change: JSONValue, _ old: JSONValue?, _ shape: FieldShape) throws(APIStatus) -> JSONValue {
        switch change {
        case .object(let members): return .object(try merge(members, into: old?.object ?? [:], shape))
        case .array(let elements): return .array(try merged(elements, old?.array ?? [], shape))
        default: return change
        }
    }

    private func merged(
        _ changes: [JSONValue], _ old: [JSONValue], _ shape: FieldShape
    ) throws(APIStatus) -> [JSONValue] {
        guard case .list(let inner, let strategy) = shape else { return changes }
        let identity = ListIdentity(shape)
        switch strategy {
        case .atomic:
            guard changes.contains(where: { $0["$patch"] != nil }) else { return changes }
            return changes.filter { $0["$patch"] == nil }
        case .set:
            var result: [JSONValue] = []
            for element in old + changes where !result.contains(element) { result.append(element) }
            return identity.ordered(result, by: changes, before: old)
        case .keyed(let key):
            if changes.contains(where: { $0["$patch"] == "replace" }) {
                return try mergedByKey(changes.filter { $0["$patch"] != "replace" }, [], key: key, inner)
            }
            let result = try mergedByKey(changes, old, key: key, inner)
            return identity.ordered(result, by: changes, before: old)
        }
    }

    private func mergedByKey(
        _ changes: [JSONValue], _ old: [JSONValue], key: String, _ inner: FieldShape
    ) throws(APIStatus) -> [JSONValue] {
        var result = old
        for change in changes {
            guard let members = change.object, let id = members[key] else {
                throw .badRequest(
                    "map: \(change.compactText) does not contain declared merge key: \(key)")
            }
            let position = result.firstIndex { $0[key] == id }
            if members["$patch"] == "delete" {
                result.removeAll { $0[key] == id }
            } else if let position {
                result[position] = try merged(change, result[position], inner)
            } else {
                result.append(try merged(change, nil, inner))
            }
        }
        return result
    }
}

extension FieldShape {
    /// The shape of a member of an object of this shape.
    func member(_ name: String) -> FieldShape {
        switch self {
        case .type(let type): TypeTable.types[type]?.fields[name] ?? .any
        case .map(let inner): inner
        default: .any
        }
    }
}
