import ClusterAPI

/// Puts configurations together and takes fields out, list elements by what tells them apart.
enum OwnershipMerge {
    /// `live` with everything that `configuration` states; new elements of lists come last.
    static func merged(_ configuration: JSONValue, into live: JSONValue?, _ shape: OwnershipShape) -> JSONValue {
        guard let live else { return configuration }
        let structure = shape.structure(of: configuration)
        guard structure == shape.structure(of: live) else { return configuration }
        switch structure {
        case .leaf: return configuration
        case .map:
            guard let stated = configuration.object else { return configuration }
            var members = live.object ?? [:]
            for (name, value) in stated { members[name] = merged(value, into: members[name], shape.member(name)) }
            return .object(members)
        case .set, .keyed:
            guard let stated = configuration.array else { return configuration }
            return .array(merged(stated, into: live.array ?? [], shape, structure))
        }
    }

    private static func merged(
        _ stated: [JSONValue], into live: [JSONValue], _ shape: OwnershipShape, _ structure: OwnershipShape.Structure
    ) -> [JSONValue] {
        var rest: [String: JSONValue] = [:]
        var order: [String] = []
        for item in stated {
            let element = shape.elementText(item, structure) ?? ""
            if rest.updateValue(item, forKey: element) == nil { order.append(element) }
        }
        var result = live.map { item in
            guard let element = shape.elementText(item, structure), let change = rest.removeValue(forKey: element)
            else { return item }
            return merged(change, into: item, shape.element)
        }
        result += order.compactMap { rest[$0] }
        return result
    }

    /// `value` without the fields of a set; nil when nothing is left of it.
    static func removing(_ set: FieldSet, from value: JSONValue, _ shape: OwnershipShape) -> JSONValue? {
        let structure = shape.structure(of: value)
        switch structure {
        case .leaf: return value
        case .map:
            guard let members = value.object, !members.isEmpty else { return value }
            var result: [String: JSONValue] = [:]
            for (name, member) in members {
                result[name] = kept(member, "f:" + name, set, shape.member(name))
            }
            return result.isEmpty ? nil : .object(result)
        case .set, .keyed:
            guard let items = value.array, !items.isEmpty else { return value }
            let result = items.enumerated().compactMap { index, item in
                kept(item, shape.elementText(item, structure) ?? "i:\(index)", set, shape.element)
            }
            return result.isEmpty ? nil : .array(result)
        }
    }

    private static func kept(
        _ value: JSONValue, _ element: String, _ set: FieldSet, _ shape: OwnershipShape
    ) -> JSONValue? {
        if set.members.contains(element) { return nil }
        guard let inner = set.children[element] else { return value }
        return removing(inner, from: value, shape)
    }
}
