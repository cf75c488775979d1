/// Reads regular expressions (RE2's syntax without its Unicode classes).
struct PatternParser {
    struct Flags {
        var ignoresCase = false
        var isMultiline = false
        var dotTakesNewline = false
    }

    let scalars: [Unicode.Scalar]
    var position = 0
    var flags = Flags()
    private var depth = 0
    private static let deepest = 100
    private static let mostRepeats = 1_000

    init(_ text: String) { scalars = Array(text.unicodeScalars) }

    var current: Unicode.Scalar? { position < scalars.count ? scalars[position] : nil }

    func text(_ range: Range<Int>) -> String {
        String(String.UnicodeScalarView(scalars[range.clamped(to: 0..<scalars.count)]))
    }

    func failure(_ why: String, from start: Int, to end: Int? = nil) -> PatternError {
        PatternError(why: why, fragment: text(start..<(end ?? scalars.count)))
    }

    mutating func skip(_ scalar: Unicode.Scalar) -> Bool {
        guard current == scalar else { return false }
        position += 1
        return true
    }

    mutating func expression() throws(PatternError) -> PatternNode {
        let node = try alternatives()
        guard current == nil else { throw failure("unexpected )", from: 0) }
        return node
    }

    private mutating func alternatives() throws(PatternError) -> PatternNode {
        depth += 1
        defer { depth -= 1 }
        guard depth <= Self.deepest else { throw failure("expression nests too deeply", from: 0) }
        var all = [try sequence()]
        while skip("|") { all.append(try sequence()) }
        return all.count == 1 ? all[0] : .either(all)
    }

    private mutating func sequence() throws(PatternError) -> PatternNode {
        var parts: [PatternNode] = []
        while let scalar = current, scalar != "|", scalar != ")" {
            let start = position
            guard !["*", "+", "?"].contains(scalar) else {
                throw failure("missing argument to repetition operator", from: start, to: start + 1)
            }
            parts.append(try repeated(try atom()))
        }
        return parts.count == 1 ? parts[0] : .sequence(parts)
    }

    private mutating func repeated(_ node: PatternNode) throws(PatternError) -> PatternNode {
        var node = node
        var isRepeated = false
        while let scalar = current {
            let start = position
            let bounds: (Int, Int?)
            switch scalar {
            case "*": bounds = (0, nil)
            case "+": bounds = (1, nil)
            case "?": bounds = (0, 1)
            case "{":
                guard let counted = try counts() else { return node }
                bounds = counted
                position -= 1
            default: return node
            }
            position += 1
            _ = skip("?")
            guard !isRepeated else {
                throw failure("invalid nested repetition operator", from: start - 1, to: position)
            }
            isRepeated = true
            node = .repeated(node, least: bounds.0, most: bounds.1)
        }
        return node
    }

    /// `{n}`, `{n,}` or `{n,m}`; nil when the brace stands for itself.
    private mutating func counts() throws(PatternError) -> (Int, Int?)? {
        let start = position
        position += 1
        let least = number()
        var most = least
        if skip(",") { most = number() }
        guard let least, skip("}") else {
            position = start
            return nil
        }
        guard least <= Self.mostRepeats, most ?? 0 <= Self.mostRepeats, least <= most ?? least else {
            throw failure("invalid repeat count", from: start, to: position)
        }
        return (least, most)
    }

    private mutating func number() -> Int? {
        let start = position
        while let scalar = current, ScalarSet.digit.contains(scalar) { position += 1 }
        return Int(text(start..<position))
    }

    private mutating func atom() throws(PatternError) -> PatternNode {
        let start = position
        guard let scalar = current else { return .empty }
        position += 1
        switch scalar {
        case ".": return .scalar(flags.dotTakesNewline ? .any : .notNewline)
        case "^": return .assertion(flags.isMultiline ? .lineStart : .textStart)
        case "$": return .assertion(flags.isMultiline ? .lineEnd : .textEnd)
        case "(": return try group(from: start)
        case "[":
            position = start
            return .scalar(cased(try characterClass()))
        case "\\":
            position = start
            return try escape()
        case "{":
            // A brace that no count follows.
            return .scalar(.one(scalar))
        default: return .scalar(cased(.one(scalar)))
        }
    }

    func cased(_ set: ScalarSet) -> ScalarSet { flags.ignoresCase ? set.ignoringCase : set }

    private mutating func group(from start: Int) throws(PatternError) -> PatternNode {
        let outer = flags
        if skip("?") {
            guard try groupHead(from: start) else { return .empty }
        }
        let node = try alternatives()
        guard skip(")") else { throw failure("missing closing )", from: 0) }
        flags = outer
        return node
    }

    /// What follows `(?`; false when the group has set flags for what follows it, and nothing else.
    private mutating func groupHead(from start: Int) throws(PatternError) -> Bool {
        if skip("P") || current == "<" {
            guard skip("<") else { throw failure("invalid named capture", from: start) }
            let name = position
            while let scalar = current, ScalarSet.word.contains(scalar) { position += 1 }
            guard position > name, skip(">") else { throw failure("invalid named capture", from: start) }
            return true
        }
        var isOn = true
        while let scalar = current {
            position += 1
            switch scalar {
            case "i": flags.ignoresCase = isOn
            case "m": flags.isMultiline = isOn
            case "s": flags.dotTakesNewline = isOn
            // Greed decides what a group takes, not whether there is a match.
            case "U": break
            case "-" where isOn: isOn = false
            case ":": return true
            case ")": return false
            default: throw failure("invalid or unsupported Perl syntax", from: start, to: position)
            }
        }
        throw failure("missing closing )", from: 0)
    }
}
