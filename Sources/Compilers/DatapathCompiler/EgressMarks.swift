import NFTables
import NetworkTypes

/// The marks of connections that leave the cluster with an egress address, and of their packets inside this node.
///
/// The connection remembers to which node it goes; each packet's routing goes by it. `ip rule fwmark` of others should keep off
/// `0x68000000/8`.
package enum EgressMarks {
    private static let prefix: UInt32 = 0x6800_0000
    private static let mask: UInt32 = 0xFF00_0000

    /// Nowhere.
    static let closed = prefix
    /// Out of this node.
    static let here = prefix + 1
    /// The numbers of other nodes lie above.
    private static let firstNode: UInt32 = 2

    static let isEgress = Statement.maskedMark(prefix, mask: mask)
    static let isEgressConnection = Statement.maskedConntrackMark(prefix, mask: mask)

    package static func isEgress(_ mark: UInt32) -> Bool { mark & mask == prefix }

    /// One mark for each node, made of its name: it stays when other nodes come and go, but for the rare name whose number another
    /// has.
    static func numbers(of nodes: [String]) -> [String: UInt32] {
        let count = ~mask - firstNode + 1
        var marks: [String: UInt32] = [:]
        var taken: Set<UInt32> = []
        for node in nodes.sorted() {
            var number = UInt32(truncatingIfNeeded: node.utf8.fnv1a) % count
            while !taken.insert(number).inserted { number = (number + 1) % count }
            marks[node] = prefix + firstNode + number
        }
        return marks
    }
}
