import ClusterAPI
package import YAML

extension Manifest {
    /// The same text for the same object, always.
    package var document: YAMLDocument {
        YAMLDocument(node(object, at: []), comment: comment)
    }

    private func node(_ value: JSONValue, at path: [String]) -> YAMLNode {
        switch value {
        case .null: .text("null")
        case .bool(let flag): .flag(flag)
        case .int(let number): .number(number)
        case .double(let number): .text(String(number))
        case .string(let text): .text(text)
        case .array(let elements):
            .sequence(
                elements.enumerated().map { place, element in
                    let way = path + ["\(place)"]
                    return YAMLElement(node(element, at: way), comment: remarks[way] ?? [])
                })
        case .object(let members):
            .mapping(
                members.sorted { Self.order($0.key) < Self.order($1.key) }.map { key, value in
                    let way = path + [key]
                    return YAMLEntry(key, node(value, at: way), comment: remarks[way] ?? [])
                })
        }
    }

    /// What names a thing stands first; the rest goes by the alphabet.
    private static func order(_ key: String) -> (Int, String) {
        (["apiVersion", "kind", "name", "metadata"].firstIndex(of: key) ?? 4, key)
    }
}
