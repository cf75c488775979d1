import APIMachinery
import ClusterAPI

/// The holes of a zone in words.
enum HoleWords {
    struct Named {
        let name: String
        let hole: JSONValue
    }

    /// With the names that reports give to them: a hole without one goes by its place.
    static func holes(_ spec: JSONValue?) -> [Named] {
        (spec?["holes"]?.array ?? []).enumerated().map {
            Named(name: $1["name"]?.string ?? "holes[\($0)]", hole: $1)
        }
    }

    /// Holes that only changed their place say nothing.
    static func differences(from old: JSONValue?, to new: JSONValue?) -> [String] {
        var before = holes(old)
        var after = holes(new)
        for hole in before where hole.hole["name"] == nil {
            // Those without a name are known by what they say.
            guard let place = after.firstIndex(where: { $0.hole["name"] == nil && text($0.hole) == text(hole.hole) })
            else { continue }
            after.remove(at: place)
            before.removeAll { $0.name == hole.name }
        }
        var lines: [String] = []
        for hole in after {
            guard let place = before.firstIndex(where: { $0.name == hole.name }) else {
                lines.append("hole \(hole.name) added: \(text(hole.hole))")
                continue
            }
            let changes = zip(parts(before.remove(at: place).hole), parts(hole.hole)).filter { $0 != $1 }
                .map { "\($1.name) \($1.text) (was \($0.text))" }
            if !changes.isEmpty { lines.append("hole \(hole.name) changed: \(changes.joined(separator: ", "))") }
        }
        return before.map { "hole \($0.name) removed: \(text($0.hole))" } + lines
    }

    static func text(_ hole: JSONValue) -> String {
        parts(hole).filter { !($0.name == "more" && $0.text == "none") }.map { "\($0.name) \($0.text)" }
            .joined(separator: ", ")
    }

    private struct Part: Equatable {
        let name: String
        let text: String
    }

    /// Always the same parts, in one order.
    private static func parts(_ hole: JSONValue) -> [Part] {
        let known: Set<String> = ["name", "from", "to", "ports", "owner", "reason", "expires"]
        let others = (hole.object ?? [:]).filter { !known.contains($0.key) }
        return [
            Part(name: "from zone", text: hole["from"]?["zone"].map(ZoneWords.text) ?? "none"),
            Part(name: "members", text: members(hole["from"])), Part(name: "to", text: members(hole["to"])),
            Part(name: "ports", text: ports(hole["ports"])), Part(name: "owner", text: quoted(hole["owner"])),
            Part(name: "reason", text: quoted(hole["reason"])),
            Part(name: "expires", text: hole["expires"].map(ZoneWords.text) ?? "never"),
            Part(name: "more", text: others.isEmpty ? "none" : JSONValue.object(others).compactText),
        ]
    }

    private static func quoted(_ value: JSONValue?) -> String {
        value.map { JSONValue.quoted(ZoneWords.text($0)) } ?? "none"
    }

    private static func members(_ end: JSONValue?) -> String {
        let namespaces = end?["namespaceSelector"]
        let pods = end?["podSelector"]
        if namespaces == nil, pods == nil { return "all members" }
        let chosen = pods.map { SelectorWords.text($0) }.map { $0 == "all" ? "all pods" : "pods \($0)" } ?? "all pods"
        return namespaces.map { "\(chosen) of namespaces \(SelectorWords.text($0))" } ?? chosen
    }

    private static func ports(_ list: JSONValue?) -> String {
        let ports = list?.array ?? []
        if ports.isEmpty { return "every protocol and port" }
        return ports.map { port in
            let transport = port["protocol"].map(ZoneWords.text) ?? "TCP"
            let first = port["port"].map { " " + ZoneWords.text($0) } ?? ""
            return transport + first + (port["endPort"].map { "-" + ZoneWords.text($0) } ?? "")
        }.joined(separator: " and ")
    }
}
