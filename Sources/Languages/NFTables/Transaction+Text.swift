extension Transaction {
    /// The whole as input of `nft -f -`: one command per line.
    package var text: String {
        lines.map { $0 + "\n" }.joined()
    }

    /// The commands in order.
    package var lines: [String] { operations.flatMap(lines(of:)) }

    private func lines(of operation: Operation) -> [String] {
        let place = "\(family.rawValue) \(table)"
        switch operation {
        case .addTable: return ["add table \(place)"]
        case .deleteTable: return ["delete table \(place)"]
        case .addCounter(let name): return ["add counter \(place) \(name)"]
        case .deleteCounter(let name): return ["delete counter \(place) \(name)"]
        case .addSet(let name, let definition):
            return ["add \(definition.kind) \(place) \(name) { \(definition.text) }"]
        case .deleteSet(let name, let definition): return ["delete \(definition.kind) \(place) \(name)"]
        case .addChain(let name, let base):
            return ["add chain \(place) \(name)" + (base.map { " { \($0.text) }" } ?? "")]
        case .deleteChain(let name): return ["delete chain \(place) \(name)"]
        case .flushChain(let name): return ["flush chain \(place) \(name)"]
        case .addRule(let chain, let rule): return ["add rule \(place) \(chain) \(rule.textWithComment)"]
        case .flushElements(let name, let definition): return ["flush \(definition.kind) \(place) \(name)"]
        case .addElements(let name, _, let elements):
            return Self.chunks(elements).map { "add element \(place) \(name) { \($0) }" }
        case .deleteElements(let name, _, let elements):
            return Self.chunks(elements.map { Element($0.key) }).map { "delete element \(place) \(name) { \($0) }" }
        }
    }

    /// Groups of elements, so that nft's complaint about a line points at few of them.
    private static func chunks(_ elements: [Element]) -> [String] {
        stride(from: 0, to: elements.count, by: 200).map { start in
            elements[start..<min(start + 200, elements.count)].map(\.text).joined(separator: ", ")
        }
    }
}

extension Transaction.Element {
    /// As nft reads it between the braces.
    package var text: String {
        let key = key.text + (lifetime.map { " timeout \($0)ms" } ?? "")
        return switch value {
        case nil: key
        case .verdict(let verdict): "\(key) : \(verdict.text)"
        case .data(let data): "\(key) : \(data.text)"
        }
    }
}

extension Rule {
    /// As nft reads it after the chain's name.
    package var textWithComment: String { "\(text) comment \"\(comment)\"" }
}

extension SetDefinition {
    /// `set` or `map`.
    var kind: String { data == nil ? "set" : "map" }

    /// What stands between the braces.
    package var text: String {
        var parts = ["type " + Self.text(key) + dataText]
        let names: [(Flags, String)] = [(.dynamic, "dynamic"), (.interval, "interval"), (.timeout, "timeout")]
        let present = names.filter { flags.contains($0.0) }.map(\.1)
        if !present.isEmpty { parts.append("flags " + present.joined(separator: ",")) }
        if let timeout { parts.append("timeout \(timeout)s") }
        if let size { parts.append("size \(size)") }
        return parts.map { $0 + ";" }.joined(separator: " ")
    }

    private var dataText: String {
        switch data {
        case nil: ""
        case .verdict: " : verdict"
        case .values(let types): " : " + Self.text(types)
        }
    }

    private static func text(_ types: [DataType]) -> String { types.map(\.rawValue).joined(separator: " . ") }
}

extension Chain.Base {
    /// What stands between the braces.
    package var text: String {
        "type \(kind.rawValue) hook \(hook.rawValue)" + (device.map { " device \"\($0)\"" } ?? "")
            + " priority \(priority); policy \(policy.rawValue);"
    }
}
