import ClusterAPI

/// Parses the selector grammar of apimachinery `labels/selector.go`, with its error wording.
struct LabelQueryParser {
    private var tokens: [Token]
    private var position = 0

    private enum Token: Hashable {
        case symbol(String)
        case word(String)
        case end

        var text: String {
            switch self {
            case .symbol(let text), .word(let text): text
            case .end: ""
            }
        }
    }

    static func parse(_ text: String) throws(APIStatus) -> [LabelQuery.Requirement] {
        var parser = LabelQueryParser(tokens: tokens(of: text))
        return try parser.requirements(of: text)
    }

    private static func tokens(of text: String) -> [Token] {
        var tokens: [Token] = []
        var rest = text[...]
        while let character = rest.first {
            if " \t\r\n".contains(character) {
                rest.removeFirst()
            } else if let symbol = ["==", "!=", "=", "!", "(", ")", ",", "<", ">"].first(where: { rest.hasPrefix($0) })
            {
                tokens.append(.symbol(symbol))
                rest = rest.dropFirst(symbol.count)
            } else {
                let word = rest.prefix { !" \t\r\n=!(),<>".contains($0) }
                tokens.append(.word(String(word)))
                rest = rest.dropFirst(word.count)
            }
        }
        return tokens + [.end]
    }

    private var next: Token { tokens[min(position, tokens.count - 1)] }

    private mutating func take() -> Token {
        defer { position += 1 }
        return next
    }

    private mutating func requirements(of text: String) throws(APIStatus) -> [LabelQuery.Requirement] {
        var requirements: [LabelQuery.Requirement] = []
        if next == .end { return [] }
        while true {
            do {
                requirements.append(try requirement())
            } catch {
                throw .badRequest("unable to parse requirement: \(error.message)")
            }
            switch take() {
            case .end: return requirements
            case .symbol(","):
                guard case .word = next else {
                    if next == .symbol("!") { continue }
                    throw .badRequest("found '\(next.text)', expected: identifier after ','")
                }
            case let other: throw .badRequest("found '\(other.text)', expected: ',' or 'end of string'")
            }
        }
    }

    private struct Failure: Error {
        let message: String
    }

    private mutating func requirement() throws(Failure) -> LabelQuery.Requirement {
        let isNegated = next == .symbol("!")
        if isNegated { position += 1 }
        guard case .word(let key) = take() else {
            position -= 1
            throw Failure(message: "found '\(next.text)', expected: identifier")
        }
        if let problem = NameRules.qualifiedName(key).first {
            throw Failure(message: "\(FieldError.invalid("key", .string(key), problem).text)")
        }
        if isNegated { return LabelQuery.Requirement(key: key, comparison: .doesNotExist) }
        if next == .end || next == .symbol(",") { return LabelQuery.Requirement(key: key, comparison: .exists) }
        return LabelQuery.Requirement(key: key, comparison: try comparison(of: key))
    }

    private mutating func comparison(of key: String) throws(Failure) -> LabelQuery.Comparison {
        switch take() {
        case .symbol("="), .symbol("=="): return .isOneOf([try value(of: key)])
        case .symbol("!="): return .isNoneOf([try value(of: key)])
        case .word("in"): return .isOneOf(try values(of: key))
        case .word("notin"): return .isNoneOf(try values(of: key))
        case .symbol(">"): return .isAbove(try number(for: "gt"))
        case .symbol("<"): return .isBelow(try number(for: "lt"))
        case let other:
            throw Failure(message: "found '\(other.text)', expected: in, notin, =, ==, !=, gt, lt")
        }
    }

    private mutating func value(of key: String) throws(Failure) -> String {
        if next == .end || next == .symbol(",") { return "" }
        guard case .word(let value) = take() else {
            position -= 1
            throw Failure(message: "found '\(next.text)', expected: identifier")
        }
        return try checked(value, of: key)
    }

    private func checked(_ value: String, of key: String) throws(Failure) -> String {
        if let problem = NameRules.labelValue(value).first {
            throw Failure(message: "\(FieldError.invalid("values[0][\(key)]", .string(value), problem).text)")
        }
        return value
    }

    private mutating func number(for word: String) throws(Failure) -> Int64 {
        guard case .word(let text) = take(), let number = Int64(text) else {
            throw Failure(message: "for 'Gt', 'Lt' operators, the value must be an integer")
        }
        return number
    }

    private mutating func values(of key: String) throws(Failure) -> Set<String> {
        guard take() == .symbol("(") else {
            position -= 1
            throw Failure(message: "found '\(next.text)' expected: '('")
        }
        var values: Set<String> = []
        while true {
            switch next {
            case .word(let value):
                position += 1
                values.insert(try checked(value, of: key))
            case .symbol(","), .symbol(")"): values.insert("")
            default: throw Failure(message: "found '\(next.text)', expected: ',', ')' or identifier")
            }
            switch take() {
            case .symbol(","): continue
            case .symbol(")"): return values
            case let other: throw Failure(message: "found '\(other.text)', expected: ',' or ')'")
            }
        }
    }
}
