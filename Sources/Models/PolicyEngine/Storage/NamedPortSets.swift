/// The sets of one port by its name, in such an order that a pod meets few of those that it is not in.
struct NamedPortSets: Sendable {
    /// Those on the members of another set, by the slot of that one.
    private(set) var onMembers: [Int: Int] = [:]
    /// Those on any pod, or on networks.
    private(set) var others: Set<Int> = []

    var isEmpty: Bool { onMembers.isEmpty && others.isEmpty }

    mutating func insert(_ slot: Int, on members: Int?) {
        if let members { onMembers[members] = slot } else { others.insert(slot) }
    }

    mutating func remove(_ slot: Int, on members: Int?) {
        if let members { onMembers[members] = nil } else { others.remove(slot) }
    }
}
