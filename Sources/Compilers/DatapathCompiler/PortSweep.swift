import NetworkTypes

/// Walks over the bounds of numbered ranges in ascending order and knows which of them cover the place.
struct PortSweep {
    private let count: Int
    /// Beginnings (+1) and ends (−1) by position.
    private var events: [Int: [(number: Int, step: Int)]] = [:]

    /// For the numbers below `count`.
    init(count: Int) { self.count = count }

    mutating func add(_ number: Int, _ range: PortRange) {
        events[Int(range.first), default: []].append((number, 1))
        events[Int(range.last) + 1, default: []].append((number, -1))
    }

    /// The covered places with the numbers that cover them; neighbours with the same ones are one.
    ///
    /// `simplified` may say that some numbers make others irrelevant.
    func segments(_ simplified: (NumberSet) -> NumberSet = { $0 }) -> [(range: PortRange, numbers: NumberSet)] {
        var segments: [(first: Int, last: Int, numbers: NumberSet)] = []
        var depth = [Int](repeating: 0, count: count)
        var active = NumberSet(count: count)
        let positions = events.keys.sorted()
        for (index, position) in positions.enumerated() {
            for event in events[position] ?? [] {
                depth[event.number] += event.step
                active.set(event.number, depth[event.number] > 0)
            }
            guard index + 1 < positions.count, !active.isEmpty else { continue }
            let numbers = simplified(active)
            if let last = segments.last, last.last == position - 1, last.numbers == numbers {
                segments[segments.count - 1].last = positions[index + 1] - 1
            } else {
                segments.append((position, positions[index + 1] - 1, numbers))
            }
        }
        return segments.compactMap { segment in
            guard let first = UInt16(exactly: segment.first), let last = UInt16(exactly: segment.last),
                let range = PortRange(first, through: last)
            else { return nil }
            return (range, segment.numbers)
        }
    }
}

/// A set of small numbers, as bits.
struct NumberSet: Hashable {
    private var words: [UInt64]

    init(count: Int) { words = [UInt64](repeating: 0, count: count / 64 + 1) }

    var isEmpty: Bool { words.allSatisfy { $0 == 0 } }

    func contains(_ number: Int) -> Bool { words[number / 64] >> UInt64(number % 64) & 1 == 1 }

    mutating func set(_ number: Int, _ isMember: Bool) {
        let bit = UInt64(1) << UInt64(number % 64)
        if isMember { words[number / 64] |= bit } else { words[number / 64] &= ~bit }
    }

    /// Ascending.
    var numbers: [Int] {
        var numbers: [Int] = []
        for (index, word) in words.enumerated() {
            var rest = word
            while rest != 0 {
                numbers.append(index * 64 + rest.trailingZeroBitCount)
                rest &= rest - 1
            }
        }
        return numbers
    }
}
