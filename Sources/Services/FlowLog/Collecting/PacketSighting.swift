import DatapathCompiler
import FlowModel
import NFLogDriver
import PacketHeaders

/// One reported packet, understood.
struct PacketSighting {
    let key: FlowKey
    let deed: FlowVerdict.Deed
    let length: Int
    let icmp: (type: UInt8, id: UInt16)?

    /// Nil when its headers cannot be read.
    init?(_ packet: LoggedPacket) {
        guard let headers = PacketHeaders(packet.bytes) else { return nil }
        var key = FlowKey(
            ipProtocol: headers.ipProtocol, source: headers.source, destination: headers.destination)
        var icmp: (type: UInt8, id: UInt16)?
        switch headers.content {
        case .ports(let source, let destination):
            key.sourcePort = source
            key.destinationPort = destination
        case .icmp(let type, _, let id):
            key.setICMP(type: type, id: id)
            icmp = (type, id)
        case .none: break
        }
        self.key = key
        self.icmp = icmp
        length = headers.length
        deed = Self.deed(packet.prefix)
    }

    /// `new`, or `drop_NAME` and the rule's words.
    private static func deed(_ prefix: String) -> FlowVerdict.Deed {
        if prefix == LogRules.newConnection { return .passed }
        let parts = prefix.split(separator: " ", maxSplits: 1)
        let name = parts.first.map(String.init) ?? "drop_unnamed"
        return .dropped(name: name, words: parts.count > 1 ? String(parts[1]) : "")
    }

    var isDropped: Bool { deed != .passed }
}
