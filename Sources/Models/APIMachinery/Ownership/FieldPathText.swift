/// The path of a field as messages about owners have it: `.spec.ports[port=80,protocol="TCP"].name`.
enum FieldPathText {
    static func of(_ path: [String]) -> String { path.map(step).joined() }

    private static func step(_ element: String) -> String {
        let content = String(element.dropFirst(2))
        switch element.first {
        case "f": return "." + content
        case "v": return "[=\(content)]"
        case "k": return "[" + members(content).joined(separator: ",") + "]"
        default: return "[\(content)]"
        }
    }

    /// `{"port":80,"protocol":"TCP"}` as `port=80` and `protocol="TCP"`; the text is our own compact JSON.
    private static func members(_ json: String) -> [String] {
        var parts: [String] = []
        var part = ""
        var isQuoted = false
        var isEscaped = false
        for character in json.dropFirst().dropLast() {
            if character == ",", !isQuoted {
                parts.append(part)
                part = ""
                continue
            }
            if character == "\"", !isEscaped { isQuoted.toggle() }
            isEscaped = character == "\\" && !isEscaped
            part.append(character)
        }
        return (parts + [part]).map { part in
            guard let colon = part.firstRange(of: "\":") else { return part }
            return part[part.startIndex..<colon.lowerBound].dropFirst() + "=" + part[colon.upperBound...]
        }
    }
}
