/// A regular expression in the syntax of RE2, as schemas have it, matched in time proportional to the text.
///
/// All alternatives are followed at once (Thompson's construction), so no expression can make a text costly.
struct LinearPattern: Hashable, Sendable {
    let text: String
    private let program: [Instruction]

    /// Throws for what is no expression, in the words of Go's parser.
    init(_ text: String) throws(PatternError) {
        self.text = text
        var parser = PatternParser(text)
        program = try Self.program(for: try parser.expression(), of: text)
    }

    enum Instruction: Hashable, Sendable {
        case scalar(ScalarSet)
        case assert(PatternNode.Assertion)
        case split(Int, Int)
        case jump(Int)
        case match
    }

    /// Whether the expression matches anywhere in a text.
    func matches(_ text: String) -> Bool {
        let scalars = Array(text.unicodeScalars)
        var threads = Threads(count: program.count)
        for position in 0...scalars.count {
            threads.begin()
            for state in threads.waiting where advances(state, over: scalars, at: position - 1) {
                if enter(state + 1, &threads, scalars, position) { return true }
            }
            if enter(0, &threads, scalars, position) { return true }
            threads.end()
        }
        return false
    }

    private func advances(_ state: Int, over scalars: [Unicode.Scalar], at position: Int) -> Bool {
        guard position >= 0, case .scalar(let set) = program[state] else { return false }
        return set.contains(scalars[position])
    }

    /// Adds a state with all that follow without reading; true when the end of the expression is among them.
    private func enter(
        _ state: Int, _ threads: inout Threads, _ scalars: [Unicode.Scalar], _ position: Int
    ) -> Bool {
        var stack = [state]
        while let next = stack.popLast() {
            guard threads.visit(next) else { continue }
            switch program[next] {
            case .match: return true
            case .jump(let target): stack.append(target)
            case .split(let first, let second): stack += [second, first]
            case .scalar: threads.add(next)
            case .assert(let assertion):
                if assertion.holds(in: scalars, at: position) { stack.append(next + 1) }
            }
        }
        return false
    }

    /// The states that wait for the next scalar, each once.
    private struct Threads {
        private(set) var waiting: [Int] = []
        private var following: [Int] = []
        private var visits: [Int]
        private var round = 0

        init(count: Int) { visits = Array(repeating: 0, count: count) }

        mutating func begin() { round += 1 }

        mutating func visit(_ state: Int) -> Bool {
            guard visits[state] != round else { return false }
            visits[state] = round
            return true
        }

        mutating func add(_ state: Int) { following.append(state) }

        mutating func end() {
            swap(&waiting, &following)
            following.removeAll(keepingCapacity: true)
        }
    }
}

/// Why a text is no regular expression.
struct PatternError: Error, Hashable, CustomStringConvertible {
    let why: String
    /// The part of the expression that is wrong.
    let fragment: String

    var description: String { "error parsing regexp: \(why): `\(fragment)`" }
}
