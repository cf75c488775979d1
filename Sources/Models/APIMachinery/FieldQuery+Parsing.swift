extension FieldQuery {
    static func parse(_ text: String, for resource: ResourceDescriptor) throws(APIStatus) -> [Term] {
        var terms: [Term] = []
        for part in split(text) where !part.isEmpty {
            guard let term = term(part) else {
                throw .badRequest("invalid selector: '\(text)'; can't understand '\(part)'")
            }
            guard SelectableFields.contains(term.field, of: resource.qualifiedPlural) else {
                throw .badRequest(
                    SelectableFields.areListed(for: resource.qualifiedPlural)
                        || resource.customResourceDefinition != nil
                        ? "field label not supported: \(term.field)"
                        : "\"\(term.field)\" is not a known field selector: only \"metadata.name\", \"metadata.namespace\""
                )
            }
            terms.append(term)
        }
        return terms
    }

    /// Splits at commas that no backslash protects, keeping the escapes.
    private static func split(_ text: String) -> [String] {
        var parts: [String] = [""]
        var isEscaped = false
        for character in text {
            if character == ",", !isEscaped {
                parts.append("")
            } else {
                parts[parts.count - 1].append(character)
            }
            isEscaped = character == "\\" && !isEscaped
        }
        return parts
    }

    private static func term(_ part: String) -> Term? {
        for (symbol, wantsEqual) in [("!=", false), ("==", true), ("=", true)] {
            guard let range = part.firstRange(of: symbol) else { continue }
            guard let value = unescaped(part[range.upperBound...]) else { return nil }
            return Term(field: String(part[..<range.lowerBound]), value: value, wantsEqual: wantsEqual)
        }
        return nil
    }

    /// `\\`, `\,` and `\=` stand for the characters after the backslash; nothing else may be escaped or left bare.
    private static func unescaped(_ text: Substring) -> String? {
        var result = ""
        var characters = text.makeIterator()
        while let character = characters.next() {
            switch character {
            case "\\":
                guard let next = characters.next(), "\\,=".contains(next) else { return nil }
                result.append(next)
            case "=", ",": return nil
            default: result.append(character)
            }
        }
        return result
    }
}
