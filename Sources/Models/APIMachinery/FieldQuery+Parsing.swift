import ClusterAPI

extension FieldQuery {
    /// What may be selected by besides `metadata.name` and `metadata.namespace`, per kind.
    private static let fields: [String: Set<String>] = [
        "Pod": [
            "spec.nodeName", "spec.restartPolicy", "spec.schedulerName", "spec.serviceAccountName", "spec.hostNetwork",
            "status.phase", "status.podIP", "status.podIPs", "status.nominatedNodeName",
        ],
        "Event": [
            "involvedObject.kind", "involvedObject.namespace", "involvedObject.name", "involvedObject.uid",
            "involvedObject.apiVersion", "involvedObject.resourceVersion", "involvedObject.fieldPath", "reason",
            "reportingComponent", "source", "type",
        ],
        "Node": ["spec.unschedulable"],
        "Namespace": ["status.phase"],
        "Secret": ["type"],
        "Service": ["spec.clusterIP", "spec.type"],
    ]

    static func parse(_ text: String, for resource: ResourceDescriptor) throws(APIStatus) -> [Term] {
        var terms: [Term] = []
        for part in split(text) where !part.isEmpty {
            guard let term = term(part) else {
                throw .badRequest("invalid selector: '\(text)'; can't understand '\(part)'")
            }
            let isMetadata = ["metadata.name", "metadata.namespace"].contains(term.field)
            guard isMetadata || fields[resource.kind]?.contains(term.field) == true else {
                throw .badRequest(
                    resource.customResourceDefinition == nil && fields[resource.kind] != nil
                        ? "field label not supported: \(term.field)"
                        : "\"\(term.field)\" is not a known field selector: only \"metadata.name\", \"metadata.namespace\""
                )
            }
            terms.append(term)
        }
        return terms
    }

    /// The text of a field as selectors compare it: empty when absent.
    static func value(of field: String, in object: JSONValue) -> String {
        let path = field == "source" ? ["source", "component"] : field.split(separator: ".").map(String.init)
        var value: JSONValue? = object
        for member in path { value = value?[member] }
        switch value {
        case .string(let text): return text
        case .bool(let flag): return String(flag)
        case .int(let number): return String(number)
        case .array(let elements) where field == "status.podIPs":
            return elements.compactMap { $0["ip"]?.string }.joined(separator: ",")
        default: return field == "spec.unschedulable" || field == "spec.hostNetwork" ? "false" : ""
        }
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
