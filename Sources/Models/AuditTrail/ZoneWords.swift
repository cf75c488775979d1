import APIMachinery
import ClusterAPI

/// The spec of a zone in words, and what two of them differ in.
///
/// It goes by the JSON, so that fields that this version does not know are told too. What a server fills in is no
/// difference.
enum ZoneWords {
    /// What a zone says, one thing to a line.
    static func all(_ spec: JSONValue?) -> [String] {
        facts(spec).filter { $0.text != $0.absent }.map { "\($0.name) \($0.text)" }
            + HoleWords.holes(spec).map { "hole \($0.name): \(HoleWords.text($0.hole))" }
    }

    /// Empty when both say the same.
    static func differences(from old: JSONValue?, to new: JSONValue?) -> [String] {
        let before = Dictionary(facts(old).map { ($0.name, $0.text) }) { first, _ in first }
        var lines = facts(new).compactMap { fact -> String? in
            let was = before[fact.name] ?? fact.absent
            return was == fact.text ? nil : "\(fact.name) \(fact.text) (was \(was))"
        }
        let names = Set(facts(new).map(\.name))
        lines += facts(old).filter { !names.contains($0.name) && $0.text != $0.absent }
            .map { "\($0.name) \($0.absent) (was \($0.text))" }
        return lines + HoleWords.differences(from: old, to: new)
    }

    private struct Fact {
        let name: String
        let text: String
        /// What it is when the field is not there.
        var absent = "none"
    }

    private static func facts(_ spec: JSONValue?) -> [Fact] {
        let members = spec?.object ?? [:]
        let known: Set<String> = [
            "order", "namespaceSelector", "nodeSelector", "cidrs", "external", "externalNames", "holes",
        ]
        let others = members.filter { !known.contains($0.key) }.sorted { $0.key < $1.key }
        return [
            Fact(name: "order", text: members["order"].map(text) ?? "none"),
            Fact(name: "namespaces", text: SelectorWords.text(members["namespaceSelector"])),
            Fact(name: "nodes", text: SelectorWords.text(members["nodeSelector"])),
            Fact(name: "hosts", text: hosts(members["cidrs"])),
            Fact(name: "outside", text: members["external"].map(text) ?? "Deny", absent: "Deny"),
            Fact(name: "names outside", text: hosts(members["externalNames"])),
        ] + others.map { Fact(name: $0.key, text: $0.value.compactText) }
    }

    private static func hosts(_ list: JSONValue?) -> String {
        let blocks = (list?.array ?? []).map(text)
        return blocks.isEmpty ? "none" : blocks.joined(separator: ", ")
    }

    static func text(_ value: JSONValue) -> String { value.string ?? value.compactText }
}

/// Label selectors in words.
enum SelectorWords {
    /// `none` for no selector, which matches nothing where it chooses members.
    static func text(_ value: JSONValue?) -> String {
        guard let value, value != .null else { return "none" }
        return selector(value)?.description ?? value.compactText
    }

    /// Nil for what is no selector.
    static func selector(_ value: JSONValue) -> LabelSelector? {
        guard let members = value.object else { return nil }
        var selector = LabelSelector()
        if let labels = members["matchLabels"] {
            guard let labels = labels.object else { return nil }
            selector.matchLabels = labels.compactMapValues(\.string)
            guard selector.matchLabels?.count == labels.count else { return nil }
        }
        if let expressions = members["matchExpressions"] {
            guard let expressions = expressions.array else { return nil }
            let requirements = expressions.compactMap(requirement)
            guard requirements.count == expressions.count else { return nil }
            selector.matchExpressions = requirements
        }
        return selector
    }

    private static func requirement(_ value: JSONValue) -> LabelSelector.Requirement? {
        guard let key = value["key"]?.string, let name = value["operator"]?.string else { return nil }
        let values = value["values"]?.array?.compactMap(\.string)
        return LabelSelector.Requirement(key: key, operator: .init(rawValue: name), values: values)
    }
}
