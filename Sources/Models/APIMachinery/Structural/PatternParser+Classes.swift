extension PatternParser {
    /// `[...]`.
    mutating func characterClass() throws(PatternError) -> ScalarSet {
        let start = position
        position += 1
        let isInverted = skip("^")
        var ranges: [ClosedRange<UInt32>] = []
        var isFirst = true
        while true {
            guard let scalar = current else { throw failure("missing closing ]", from: start) }
            if scalar == "]", !isFirst {
                position += 1
                return ScalarSet(ranges: ranges, isInverted: isInverted)
            }
            isFirst = false
            if let named = try namedClass() {
                ranges += named.plainRanges
            } else if scalar == "\\", let set = try classEscape() {
                ranges += set.plainRanges
            } else {
                ranges.append(try range(in: start))
            }
        }
    }

    /// `[:alpha:]`; nil for anything else.
    private mutating func namedClass() throws(PatternError) -> ScalarSet? {
        let start = position
        guard current == "[", position + 1 < scalars.count, scalars[position + 1] == ":" else { return nil }
        position += 2
        let isInverted = skip("^")
        let name = position
        while let scalar = current, ScalarSet.word.contains(scalar) { position += 1 }
        let word = text(name..<position)
        guard skip(":"), skip("]") else {
            position = start
            return nil
        }
        guard var set = ScalarSet.named[word] else {
            throw failure("invalid character class range", from: start, to: position)
        }
        set.isInverted = isInverted
        return set
    }

    private mutating func range(in start: Int) throws(PatternError) -> ClosedRange<UInt32> {
        let first = position
        let low = try member(in: start)
        guard current == "-", position + 1 < scalars.count, scalars[position + 1] != "]" else {
            return low.value...low.value
        }
        position += 1
        let high = try member(in: start)
        guard low.value <= high.value else {
            throw failure("invalid character class range", from: first, to: position)
        }
        return low.value...high.value
    }

    private mutating func member(in start: Int) throws(PatternError) -> Unicode.Scalar {
        guard let scalar = current else { throw failure("missing closing ]", from: start) }
        if scalar == "\\" { return try escapedScalar() }
        position += 1
        return scalar
    }

    /// `\d` and the like; nil, without reading, for escapes of one scalar.
    private mutating func classEscape() throws(PatternError) -> ScalarSet? {
        guard position + 1 < scalars.count else { return nil }
        let set: ScalarSet
        switch scalars[position + 1] {
        case "d", "D": set = .digit
        case "s", "S": set = .space
        case "w", "W": set = .word
        default: return nil
        }
        let isInverted = ["D", "S", "W"].contains(scalars[position + 1])
        position += 2
        return ScalarSet(ranges: set.ranges, isInverted: isInverted)
    }

    /// A backslash outside of brackets.
    mutating func escape() throws(PatternError) -> PatternNode {
        if let set = try classEscape() { return .scalar(set) }
        let next = position + 1 < scalars.count ? scalars[position + 1] : nil
        let assertion: PatternNode.Assertion? =
            switch next {
            case "A": .textStart
            case "z": .textEnd
            case "b": .wordBoundary
            case "B": .noWordBoundary
            default: nil
            }
        guard let assertion else { return .scalar(cased(.one(try escapedScalar()))) }
        position += 2
        return .assertion(assertion)
    }

    private mutating func escapedScalar() throws(PatternError) -> Unicode.Scalar {
        let start = position
        position += 1
        guard let scalar = current else {
            throw PatternError(why: "trailing backslash at end of expression", fragment: "")
        }
        position += 1
        switch scalar {
        case "a": return "\u{7}"
        case "f": return "\u{C}"
        case "n": return "\n"
        case "r": return "\r"
        case "t": return "\t"
        case "v": return "\u{B}"
        case "x": return try hexadecimal(from: start)
        default:
            let isPunctuation = scalar.isASCII && !ScalarSet.word.contains(scalar)
            guard isPunctuation || scalar == "_" else {
                throw failure("invalid escape sequence", from: start, to: position)
            }
            return scalar
        }
    }

    /// `\x7F` or `\x{10FFFF}`.
    private mutating func hexadecimal(from start: Int) throws(PatternError) -> Unicode.Scalar {
        let isBraced = skip("{")
        let digits = position
        while let scalar = current, scalar.properties.isASCIIHexDigit, isBraced || position < digits + 2 {
            position += 1
        }
        let number = UInt32(text(digits..<position), radix: 16)
        guard let number, let scalar = Unicode.Scalar(number), isBraced ? skip("}") : position == digits + 2 else {
            throw failure("invalid escape sequence", from: start, to: position)
        }
        return scalar
    }
}
