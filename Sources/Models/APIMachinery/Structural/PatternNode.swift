/// A regular expression as a tree.
indirect enum PatternNode: Hashable, Sendable {
    case empty
    case scalar(ScalarSet)
    case assertion(Assertion)
    case sequence([PatternNode])
    case either([PatternNode])
    /// `most` nil: without bound.
    case repeated(PatternNode, least: Int, most: Int?)

    enum Assertion: Hashable, Sendable {
        case textStart, textEnd, lineStart, lineEnd, wordBoundary, noWordBoundary

        func holds(in scalars: [Unicode.Scalar], at position: Int) -> Bool {
            switch self {
            case .textStart: position == 0
            case .textEnd: position == scalars.count
            case .lineStart: position == 0 || scalars[position - 1] == "\n"
            case .lineEnd: position == scalars.count || scalars[position] == "\n"
            case .wordBoundary: Self.isBoundary(scalars, position)
            case .noWordBoundary: !Self.isBoundary(scalars, position)
            }
        }

        private static func isBoundary(_ scalars: [Unicode.Scalar], _ position: Int) -> Bool {
            let before = position > 0 && ScalarSet.word.contains(scalars[position - 1])
            let after = position < scalars.count && ScalarSet.word.contains(scalars[position])
            return before != after
        }
    }
}

/// Unicode scalars, by ranges.
struct ScalarSet: Hashable, Sendable {
    var ranges: [ClosedRange<UInt32>]
    var isInverted = false

    static let digit = ScalarSet(ranges: [0x30...0x39])
    static let space = ScalarSet(ranges: [0x09...0x0A, 0x0C...0x0D, 0x20...0x20])
    static let word = ScalarSet(ranges: [0x30...0x39, 0x41...0x5A, 0x5F...0x5F, 0x61...0x7A])
    static let any = ScalarSet(ranges: [], isInverted: true)
    static let notNewline = ScalarSet(ranges: [0x0A...0x0A], isInverted: true)

    static func one(_ scalar: Unicode.Scalar) -> ScalarSet { ScalarSet(ranges: [scalar.value...scalar.value]) }

    func contains(_ scalar: Unicode.Scalar) -> Bool {
        ranges.contains { $0.contains(scalar.value) } != isInverted
    }

    /// The ranges with an inversion written out.
    var plainRanges: [ClosedRange<UInt32>] {
        guard isInverted else { return ranges }
        var result: [ClosedRange<UInt32>] = []
        var next: UInt32 = 0
        for range in ranges.sorted(by: { $0.lowerBound < $1.lowerBound }) {
            if range.lowerBound > next { result.append(next...range.lowerBound - 1) }
            next = max(next, range.upperBound + 1)
        }
        return next <= 0x10_FFFF ? result + [next...0x10_FFFF] : result
    }

    /// With both cases of the Latin letters in it.
    var ignoringCase: ScalarSet {
        var all = ranges
        for range in ranges {
            for (letters, shift) in [(UInt32(0x41)...0x5A, Int64(32)), (0x61...0x7A, -32)] {
                let low = max(range.lowerBound, letters.lowerBound)
                let high = min(range.upperBound, letters.upperBound)
                if low <= high { all.append(UInt32(Int64(low) + shift)...UInt32(Int64(high) + shift)) }
            }
        }
        return ScalarSet(ranges: all, isInverted: isInverted)
    }

    /// The classes of POSIX and of `\p`, as far as they are ASCII.
    static let named: [String: ScalarSet] = [
        "alnum": ScalarSet(ranges: [0x30...0x39, 0x41...0x5A, 0x61...0x7A]),
        "alpha": ScalarSet(ranges: [0x41...0x5A, 0x61...0x7A]), "ascii": ScalarSet(ranges: [0...0x7F]),
        "blank": ScalarSet(ranges: [0x09...0x09, 0x20...0x20]), "cntrl": ScalarSet(ranges: [0...0x1F, 0x7F...0x7F]),
        "digit": .digit, "graph": ScalarSet(ranges: [0x21...0x7E]), "lower": ScalarSet(ranges: [0x61...0x7A]),
        "print": ScalarSet(ranges: [0x20...0x7E]),
        "punct": ScalarSet(ranges: [0x21...0x2F, 0x3A...0x40, 0x5B...0x60, 0x7B...0x7E]),
        "space": ScalarSet(ranges: [0x09...0x0D, 0x20...0x20]), "upper": ScalarSet(ranges: [0x41...0x5A]),
        "word": .word, "xdigit": ScalarSet(ranges: [0x30...0x39, 0x41...0x46, 0x61...0x66]),
    ]
}
