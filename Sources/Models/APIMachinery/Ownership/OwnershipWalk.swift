import ClusterAPI

/// The fields that a configuration states: its author is to own them (structured-merge-diff `ToFieldSet`).
enum StatedFields {
    static func of(_ value: JSONValue, _ shape: OwnershipShape) -> FieldSet {
        var set = FieldSet()
        let structure = shape.structure(of: value)
        switch structure {
        case .leaf: break
        case .map:
            for (name, member) in value.object ?? [:] {
                let element = "f:" + name
                let inner = shape.member(name)
                if inner.structure(of: member) == .leaf || member == .null || member.object?.isEmpty == true
                    || !shape.declares(name)
                {
                    set.members.insert(element)
                }
                set.setChild(of(member, inner), of: element)
            }
        case .set, .keyed:
            for (index, item) in (value.array ?? []).enumerated() {
                let element = shape.elementText(item, structure) ?? "i:\(index)"
                set.members.insert(element)
                set.setChild(of(item, shape.element), of: element)
            }
        }
        return set
    }
}

/// What differs between two states of an object, field by field.
struct FieldComparison {
    private(set) var added = FieldSet()
    private(set) var removed = FieldSet()
    private(set) var modified = FieldSet()
    private var path: [String] = []

    /// The fields whose value in the new state is another one than before.
    var changed: FieldSet { added.union(modified) }
    var isEmpty: Bool { added.isEmpty && removed.isEmpty && modified.isEmpty }

    init(from old: JSONValue?, to new: JSONValue?, _ shape: OwnershipShape) { walk(old, new, shape) }

    private mutating func walk(_ old: JSONValue?, _ new: JSONValue?, _ shape: OwnershipShape) {
        guard let present = new ?? old, old != new else { return }
        let structure = shape.structure(of: present)
        let isSplit = structure == (old.map(shape.structure(of:)) ?? structure) && structure != .leaf
        guard isSplit, !(Self.isHollow(old) && Self.isHollow(new)) else { return note(old, new) }
        if structure == .map {
            let before = old?.object ?? [:]
            let after = new?.object ?? [:]
            for name in Set(before.keys).union(after.keys) {
                step("f:" + name, before[name], after[name], shape.member(name))
            }
        } else {
            let before = Self.items(old, shape, structure)
            let after = Self.items(new, shape, structure)
            for element in Set(before.keys).union(after.keys) {
                step(element, before[element], after[element], shape.element)
            }
        }
        // What holds others comes and goes as well; when it stays, only they have changed.
        if old == nil || new == nil { note(old, new) }
    }

    private static func isHollow(_ value: JSONValue?) -> Bool {
        value?.object?.isEmpty != false && value?.array?.isEmpty != false
    }

    private static func items(
        _ value: JSONValue?, _ shape: OwnershipShape, _ structure: OwnershipShape.Structure
    ) -> [String: JSONValue] {
        var items: [String: JSONValue] = [:]
        for (index, item) in (value?.array ?? []).enumerated() {
            items[shape.elementText(item, structure) ?? "i:\(index)"] = item
        }
        return items
    }

    private mutating func step(_ element: String, _ old: JSONValue?, _ new: JSONValue?, _ shape: OwnershipShape) {
        path.append(element)
        walk(old, new, shape)
        path.removeLast()
    }

    private mutating func note(_ old: JSONValue?, _ new: JSONValue?) {
        if old == nil {
            added.insert(path)
        } else if new == nil {
            removed.insert(path)
        } else if old != new {
            modified.insert(path)
        }
    }
}
