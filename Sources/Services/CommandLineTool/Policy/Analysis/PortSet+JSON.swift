import ClusterAPI
import NetworkTypes
import PolicyAnalysis

extension PortSet {
    /// `{"text": "TCP 80; ICMP", "TCP": ["80"], "ICMP": true}`.
    var json: JSONValue {
        var members: [String: JSONValue] = ["text": .string(description)]
        for transport in PortSet.protocols where !ranges(of: transport).isEmpty {
            members[transport.rawValue] = .array(ranges(of: transport).map { .string($0.description) })
        }
        if hasICMP { members["ICMP"] = true }
        return .object(members)
    }
}

extension Sequence<IPAddress.Family> {
    /// `["IPv4"]`; empty for all families that both ends share.
    var json: JSONValue { .array(map { .string("IPv\($0.rawValue)") }) }

    /// ` (IPv4)`; nothing where no family is singled out.
    var note: String {
        let names = map { "IPv\($0.rawValue)" }
        return names.isEmpty ? "" : " (\(names.joined(separator: ", ")))"
    }
}

extension Member {
    /// `shop/web-1`, `node n1 192.168.0.1`, `10.0.0.0/8`, `elsewhere`, `dns:*.example.com`.
    var title: String {
        if let pod { return pod.description }
        if let name { return name.words }
        if let blocks { return blocks.isEmpty ? "elsewhere" : blocks.map(\.description).joined(separator: " ") }
        return "node \(node) \(party)"
    }
}
