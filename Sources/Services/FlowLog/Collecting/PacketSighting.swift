import DatapathCompiler
import FlowModel
import NFLogDriver
import NFTables
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
        deed = Self.deed(PacketReport(prefix: packet.prefix))
    }

    private static func deed(_ report: PacketReport) -> FlowVerdict.Deed {
        switch report {
        case .newConnection: .passed
        case .drop(let name): .dropped(name: name, by: nil)
        case .denial(let name, let words):
            .dropped(
                name: FlowVerdict.policyDrop,
                by: FlowVerdict.Denial(isEgress: name.isEgress, chain: name.chain.text, words: words))
        }
    }

    var isDropped: Bool { deed != .passed }
}
