import ClusterAPI

/// A set of fields of one object, as `fieldsV1` of managed fields tells it: a tree of elements.
///
/// An element is the text that FieldsV1 has for it: `f:name` for a member, `k:{"port":80}` for the element of a list with
/// these keys, `v:"a"` for that of a set, `i:0` for any other. Texts are canonical, so equal elements have equal texts.
package struct FieldSet: Hashable, Sendable {
    var members: Set<String> = []
    /// Never empty sets.
    var children: [String: FieldSet] = [:]

    package init() {}

    var isEmpty: Bool { members.isEmpty && children.isEmpty }

    /// Nil when the document is no FieldsV1.
    init?(_ document: JSONValue) {
        guard let entries = document.object else { return nil }
        for (element, value) in entries where element != "." {
            guard let inner = value.object, Self.isElement(element), let child = FieldSet(value) else { return nil }
            if inner.isEmpty || inner["."] != nil { members.insert(element) }
            if !child.isEmpty { children[element] = child }
        }
    }

    private static func isElement(_ text: String) -> Bool {
        ["f:", "k:", "v:", "i:"].contains { text.hasPrefix($0) }
    }

    var document: JSONValue {
        var entries: [String: JSONValue] = [:]
        for element in members { entries[element] = [:] }
        for (element, child) in children {
            var inner = child.document
            if members.contains(element) { inner["."] = [:] }
            entries[element] = inner
        }
        return .object(entries)
    }

    func contains(_ path: some Collection<String>) -> Bool {
        guard let first = path.first else { return false }
        return path.count == 1 ? members.contains(first) : children[first]?.contains(path.dropFirst()) == true
    }

    mutating func insert(_ path: some Collection<String>) {
        guard let first = path.first else { return }
        guard path.count > 1 else {
            members.insert(first)
            return
        }
        children[first, default: FieldSet()].insert(path.dropFirst())
    }

    mutating func remove(_ path: some Collection<String>) {
        guard let first = path.first else { return }
        guard path.count > 1 else {
            members.remove(first)
            return
        }
        children[first]?.remove(path.dropFirst())
        if children[first]?.isEmpty == true { children[first] = nil }
    }

    /// Without an element and everything below it.
    mutating func removeAll(below element: String) {
        members.remove(element)
        children[element] = nil
    }

    mutating func setChild(_ child: FieldSet, of element: String) {
        if !child.isEmpty { children[element] = child }
    }

    /// Every path in it, in order.
    var paths: [[String]] {
        Set(members).union(children.keys).sorted().flatMap { element in
            (members.contains(element) ? [[element]] : [])
                + (children[element]?.paths ?? []).map { [element] + $0 }
        }
    }
}

extension FieldSet {
    func union(_ other: FieldSet) -> FieldSet {
        var result = self
        result.members.formUnion(other.members)
        for (element, child) in other.children {
            result.children[element] = result.children[element]?.union(child) ?? child
        }
        return result
    }

    func intersection(_ other: FieldSet) -> FieldSet {
        var result = FieldSet()
        result.members = members.intersection(other.members)
        for (element, child) in children {
            if let counterpart = other.children[element] {
                result.setChild(child.intersection(counterpart), of: element)
            }
        }
        return result
    }

    /// Without the paths of another set; what lies below those stays.
    func subtracting(_ other: FieldSet) -> FieldSet {
        guard !other.isEmpty else { return self }
        var result = FieldSet()
        result.members = members.subtracting(other.members)
        for (element, child) in children {
            result.setChild(other.children[element].map(child.subtracting) ?? child, of: element)
        }
        return result
    }

    /// With every named field that leads to one of its paths.
    func withNamedFields(_ shape: OwnershipShape) -> FieldSet {
        var result = self
        for (element, child) in children {
            if element.hasPrefix("f:") {
                let name = String(element.dropFirst(2))
                if shape.declares(name) { result.members.insert(element) }
                result.children[element] = child.withNamedFields(shape.member(name))
            } else {
                result.children[element] = child.withNamedFields(shape.element)
            }
        }
        return result
    }
}
