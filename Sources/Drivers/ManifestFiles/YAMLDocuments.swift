import ClusterAPI
import Yams

/// The documents of a YAML text, with lines.
enum YAMLDocuments {
    /// What a text may unfold to: aliases can name the same part again and again.
    private static let nodeLimit = 5_000_000

    static func parse(_ text: String, file: String) throws(ManifestError) -> [ManifestNode] {
        // The parser reads short texts from a place that is gone by then; a comment before them makes them long.
        let padding = text.utf8.count < 64 ? "#" + String(repeating: " ", count: 64) + "\n" : ""
        let shift = padding.isEmpty ? 0 : 1
        var documents: [ManifestNode] = []
        do {
            let parser = try Parser(yaml: padding + text, resolver: .basic, encoding: .utf8)
            var budget = nodeLimit
            while let root = try parser.nextRoot() {
                documents.append(try convert(root, shift: shift, file: file, depth: 0, budget: &budget))
            }
        } catch let error as ManifestError {
            throw error
        } catch let error as YamlError {
            throw explain(error, file: file, shift: shift)
        } catch {
            throw ManifestError(file: file, message: "not YAML: \(error)")
        }
        return documents
    }

    private static func convert(
        _ node: Yams.Node, shift: Int, file: String, depth: Int, budget: inout Int
    ) throws(ManifestError) -> ManifestNode {
        let line = (node.mark?.line ?? 1) - shift
        budget -= 1
        if budget < 0 { throw ManifestError(file: file, line: line, message: "the aliases unfold to too much") }
        if depth > 200 { throw ManifestError(file: file, line: line, message: "nested too deeply") }
        switch node {
        case .scalar(let scalar):
            let isPlain = scalar.style == .plain || scalar.style == .any
            let tag = scalar.tag.description
            return ManifestNode(
                line: line, value: .scalar(YAMLScalar.value(scalar.string, isPlain: isPlain, tag: tag)))
        case .sequence(let sequence):
            var elements: [ManifestNode] = []
            for element in sequence {
                elements.append(try convert(element, shift: shift, file: file, depth: depth + 1, budget: &budget))
            }
            return ManifestNode(line: line, value: .sequence(elements))
        case .mapping(let mapping):
            var entries: [(key: Yams.Node, value: ManifestNode)] = []
            for (key, value) in mapping {
                let value = try convert(value, shift: shift, file: file, depth: depth + 1, budget: &budget)
                entries.append((key, value))
            }
            return ManifestNode(line: line, value: .mapping(try merge(entries, shift: shift, file: file)))
        case .alias:
            throw ManifestError(file: file, line: line, message: "an alias that names nothing")
        }
    }

    /// The members with what `<<` brings in; a mapping's own members go before merged ones, earlier before later.
    private static func merge(
        _ pairs: [(key: Yams.Node, value: ManifestNode)], shift: Int, file: String
    ) throws(ManifestError) -> [ManifestNode.Entry] {
        var entries: [ManifestNode.Entry] = []
        var merged: [ManifestNode.Entry] = []
        for (key, value) in pairs {
            let line = (key.mark?.line ?? 1) - shift
            guard case .scalar(let scalar) = key else {
                throw ManifestError(file: file, line: line, message: "a key must be a text, not a list or an object")
            }
            if scalar.string == "<<", scalar.style == .plain {
                for source in value.elements ?? [value] { merged += source.entries ?? [] }
            } else {
                entries.append(ManifestNode.Entry(key: scalar.string, line: line, value: value))
            }
        }
        guard !merged.isEmpty else { return entries }
        var known = Set(entries.map(\.key))
        for entry in merged where known.insert(entry.key).inserted { entries.append(entry) }
        return entries
    }

    private static func explain(_ error: YamlError, file: String, shift: Int) -> ManifestError {
        switch error {
        case .scanner(let context, let problem, let mark, _), .parser(let context, let problem, let mark, _),
            .composer(let context, let problem, let mark, _):
            let text = [context?.text, problem].compactMap(\.self).joined(separator: ": ")
            return ManifestError(file: file, line: max(1, mark.line - shift), message: "not YAML: \(text)")
        case .duplicatedKeysInMapping(let keys, let context):
            let list = keys.map { "\"\($0)\"" }.joined(separator: ", ")
            return ManifestError(
                file: file, line: max(1, context.mark.line - shift), message: "the key \(list) is written twice")
        case .reader(let problem, _, _, _): return ManifestError(file: file, message: "not YAML: \(problem)")
        default: return ManifestError(file: file, message: "not YAML: the parser gave up")
        }
    }
}
