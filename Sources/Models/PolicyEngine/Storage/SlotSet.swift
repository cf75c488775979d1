import BitCollections

/// A set of slots with one bit for each: to add or to take away thousands costs little.
///
/// For sets of which there are few: each is as large as its highest slot.
struct SlotSet: Sendable, ExpressibleByArrayLiteral {
    private var bits = BitSet()

    init(arrayLiteral slots: Int...) { bits = BitSet(slots) }

    func contains(_ slot: Int) -> Bool { bits.contains(slot) }

    mutating func insert(_ slot: Int) { bits.insert(slot) }

    mutating func remove(_ slot: Int) { bits.remove(slot) }

    mutating func formUnion(_ slots: Set<Int>) {
        for slot in slots { bits.insert(slot) }
    }

    mutating func subtract(_ other: SlotSet) { bits.subtract(other.bits) }

    func intersection(_ other: SlotSet) -> SlotSet {
        var common = self
        common.bits.formIntersection(other.bits)
        return common
    }

    var ascending: [Int] { Array(bits) }
}
