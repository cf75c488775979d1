import ClusterAPI

/// By what elements of a list are the same, and the order that a patched list gets.
struct ListIdentity {
    private let key: String?

    init(_ shape: FieldShape) {
        if case .list(_, .keyed(let key)) = shape { self.key = key } else { key = nil }
    }

    private func id(_ element: JSONValue) -> JSONValue { key.map { element[$0] ?? .null } ?? element }

    /// Elements that `wanted` names stand in its order; the others keep their order and their place relative to the named
    /// ones that were in the list before (`normalizeElementOrder`).
    func ordered(_ elements: [JSONValue], by wanted: [JSONValue], before: [JSONValue]) -> [JSONValue] {
        let wantedRank = ranks(wanted)
        let oldRank = ranks(before)
        var named: [JSONValue] = []
        var others: [JSONValue] = []
        for element in elements {
            if wantedRank[id(element)] != nil { named.append(element) } else { others.append(element) }
        }
        named.sort { wantedRank[id($0), default: 0] < wantedRank[id($1), default: 0] }
        var result: [JSONValue] = []
        var rest = others[...]
        for element in named {
            if let rank = oldRank[id(element)] {
                while let other = rest.first, let otherRank = oldRank[id(other)], otherRank < rank {
                    result.append(rest.removeFirst())
                }
            }
            result.append(element)
        }
        return result + rest
    }

    private func ranks(_ list: [JSONValue]) -> [JSONValue: Int] {
        Dictionary(list.enumerated().map { (id($0.element), $0.offset) }) { first, _ in first }
    }
}
