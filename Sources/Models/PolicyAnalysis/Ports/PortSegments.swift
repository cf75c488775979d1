import NetworkTypes
import PolicyEngine

/// The port space, cut where the rules of one direction cut it: no rule tells two ports of a segment apart.
///
/// A protocol that no rule names is like ICMP to all of them, and lies in one segment with it.
struct PortSegments: Sendable {
    struct Segment: Sendable {
        let ports: PortSet
        /// The flow that is asked for all of them.
        let transport: TransportProtocol
        let port: UInt16?
    }

    let segments: [Segment]

    /// - Parameter named: What rules by port name may mean at the destination.
    init(_ policy: DirectionPolicy?, named: Set<PortMatch>) {
        var matches: Set<PortMatch> = []
        for rule in policy?.rules ?? [] {
            switch rule.ports {
            case .all: break
            case .ports(let numbered): matches.formUnion(numbered)
            case .ofPeers: matches.formUnion(named)
            }
        }
        var rest = PortSet.icmp
        var segments: [Segment] = []
        for transport in PortSet.protocols {
            let ranges = matches.filter { $0.transport == transport }.map(\.range)
            if ranges.isEmpty {
                rest = rest.union(PortSet(transport, .all))
            } else {
                segments += Self.cut(transport, ranges)
            }
        }
        self.segments = [Segment(ports: rest, transport: .icmp, port: nil)] + segments
    }

    private static func cut(_ transport: TransportProtocol, _ ranges: [PortRange]) -> [Segment] {
        var starts: Set<Int> = [1]
        for range in ranges {
            starts.insert(max(1, Int(range.first)))
            starts.insert(Int(range.last) + 1)
        }
        let sorted = starts.filter { $0 <= 65_535 }.sorted() + [65_536]
        return zip(sorted, sorted.dropFirst()).compactMap { first, next in
            PortRange(UInt16(first), through: UInt16(next - 1)).map { range in
                Segment(ports: PortSet(transport, range), transport: transport, port: range.first)
            }
        }
    }
}
