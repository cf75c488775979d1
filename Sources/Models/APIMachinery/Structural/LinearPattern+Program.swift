extension LinearPattern {
    /// Repetitions are written out, so a small expression could become a large program; larger ones are refused.
    private static let largestProgram = 20_000

    static func program(for node: PatternNode, of text: String) throws(PatternError) -> [Instruction] {
        var program: [Instruction] = []
        try append(node, to: &program, text)
        program.append(.match)
        return program
    }

    private static func append(
        _ node: PatternNode, to program: inout [Instruction], _ text: String
    ) throws(PatternError) {
        guard program.count < largestProgram else { throw PatternError(why: "expression too large", fragment: text) }
        switch node {
        case .empty: break
        case .scalar(let set): program.append(.scalar(set))
        case .assertion(let assertion): program.append(.assert(assertion))
        case .sequence(let parts):
            for part in parts { try append(part, to: &program, text) }
        case .either(let alternatives): try append(either: alternatives, to: &program, text)
        case .repeated(let inner, let least, let most):
            for _ in 0..<least { try append(inner, to: &program, text) }
            guard let most else { return try append(anyNumberOf: inner, to: &program, text) }
            var splits: [Int] = []
            for _ in least..<most {
                splits.append(program.count)
                program.append(.match)
                try append(inner, to: &program, text)
            }
            for split in splits { program[split] = .split(split + 1, program.count) }
        }
    }

    private static func append(
        either alternatives: [PatternNode], to program: inout [Instruction], _ text: String
    ) throws(PatternError) {
        var jumps: [Int] = []
        for (index, alternative) in alternatives.enumerated() {
            let isLast = index == alternatives.count - 1
            let split = program.count
            if !isLast { program.append(.match) }
            try append(alternative, to: &program, text)
            guard !isLast else { continue }
            jumps.append(program.count)
            program.append(.match)
            program[split] = .split(split + 1, program.count)
        }
        for jump in jumps { program[jump] = .jump(program.count) }
    }

    private static func append(
        anyNumberOf inner: PatternNode, to program: inout [Instruction], _ text: String
    ) throws(PatternError) {
        let split = program.count
        program.append(.match)
        try append(inner, to: &program, text)
        program.append(.jump(split))
        program[split] = .split(split + 1, program.count)
    }
}
