/// Records under small, dense numbers that are used again after removal.
struct SlotMap<Record: Sendable>: Sendable {
    private var records: [Record?] = []
    private var free: [Int] = []

    /// The record in a slot; nil for a free one.
    ///
    /// Assigning nil is not allowed; see `remove`.
    subscript(slot: Int) -> Record? {
        // Without a copy: records are large.
        _read { yield records[slot] }
        _modify { yield &records[slot] }
    }

    mutating func insert(_ record: Record) -> Int {
        if let slot = free.popLast() {
            records[slot] = record
            return slot
        }
        records.append(record)
        return records.count - 1
    }

    mutating func remove(_ slot: Int) {
        guard records[slot] != nil else { return }
        records[slot] = nil
        free.append(slot)
    }

    /// Every used slot, ascending.
    var slots: [Int] { records.indices.filter { records[$0] != nil } }
}

extension [Int] {
    /// Inserts a slot into an ascending list that does not have it.
    mutating func insertSorted(_ slot: Int) {
        insert(slot, at: firstIndex { $0 > slot } ?? endIndex)
    }

    /// Whether an ascending list has a slot, by binary search.
    func containsSorted(_ slot: Int) -> Bool {
        var low = startIndex
        var high = endIndex
        while low < high {
            let middle = (low + high) / 2
            if self[middle] < slot { low = middle + 1 } else { high = middle }
        }
        return low < endIndex && self[low] == slot
    }
}
