import NFTables
import NetworkTypes
import PolicyEngine

/// The ports of a direction's rules, cut into disjoint ranges and grouped by who may use them.
struct PortClasses {
    /// Who may use the ports of a class.
    enum Peers: Hashable {
        case everyone
        /// Any of these; never empty.
        case sets(Set<PeerSetID>)
    }

    /// The key of a verdict map on protocol and port; disjoint from all others.
    private(set) var ranges: [(peers: Peers, transport: TransportProtocol, range: PortRange)] = []

    /// Rules without ports of their own are not asked; sets in `covered` may use every port anyway.
    init(_ rules: [ResolvedRule], except covered: Set<PeerSetID>) {
        for transport in TransportProtocol.allCases where transport.hasPorts {
            appendRanges(transport, rules, covered)
        }
    }

    private mutating func appendRanges(
        _ transport: TransportProtocol, _ rules: [ResolvedRule], _ covered: Set<PeerSetID>
    ) {
        var sweep = Sweep()
        for rule in rules {
            guard case .ports(let matches) = rule.ports else { continue }
            for match in matches where match.transport == transport {
                switch rule.peers {
                case .everyone: sweep.add(nil, match.range)
                case .sets(let ids):
                    for id in ids where !covered.contains(id) { sweep.add(id, match.range) }
                }
            }
        }
        for (range, peers) in sweep.segments() { ranges.append((peers, transport, range)) }
    }
}

/// Walks over the bounds of ranges in ascending order and knows who covers the place.
private struct Sweep {
    private var numbers: [PeerSetID: Int] = [:]
    private var ids: [PeerSetID] = []
    /// Beginnings (+1) and ends (−1) by position; the number −1 stands for everyone.
    private var events: [Int: [(number: Int, step: Int)]] = [:]

    mutating func add(_ id: PeerSetID?, _ range: PortRange) {
        let number = id.map { self.number(of: $0) } ?? -1
        events[Int(range.first), default: []].append((number, 1))
        events[Int(range.last) + 1, default: []].append((number, -1))
    }

    private mutating func number(of id: PeerSetID) -> Int {
        if let number = numbers[id] { return number }
        numbers[id] = ids.count
        ids.append(id)
        return ids.count - 1
    }

    /// Neighbouring ranges with the same peers are one.
    func segments() -> [(PortRange, PortClasses.Peers)] {
        var segments: [(first: Int, last: Int, peers: [UInt64])] = []
        var depth = [Int](repeating: 0, count: ids.count)
        var everyone = 0
        var active = [UInt64](repeating: 0, count: ids.count / 64 + 1)
        let all: [UInt64] = [.max]
        let positions = events.keys.sorted()
        for (index, position) in positions.enumerated() {
            for event in events[position] ?? [] {
                guard event.number >= 0 else {
                    everyone += event.step
                    continue
                }
                depth[event.number] += event.step
                let bit = UInt64(1) << UInt64(event.number % 64)
                if depth[event.number] > 0 {
                    active[event.number / 64] |= bit
                } else {
                    active[event.number / 64] &= ~bit
                }
            }
            guard index + 1 < positions.count, everyone > 0 || active.contains(where: { $0 != 0 }) else { continue }
            let peers = everyone > 0 ? all : active + [0]
            if let last = segments.last, last.last == position - 1, last.peers == peers {
                segments[segments.count - 1].last = positions[index + 1] - 1
            } else {
                segments.append((position, positions[index + 1] - 1, peers))
            }
        }
        return resolved(segments, all)
    }

    private func resolved(
        _ segments: [(first: Int, last: Int, peers: [UInt64])], _ all: [UInt64]
    ) -> [(PortRange, PortClasses.Peers)] {
        var known: [[UInt64]: PortClasses.Peers] = [all: .everyone]
        return segments.compactMap { segment in
            guard let first = UInt16(exactly: segment.first), let last = UInt16(exactly: segment.last),
                let range = PortRange(first, through: last)
            else { return nil }
            if let peers = known[segment.peers] { return (range, peers) }
            let members = ids.indices.filter { segment.peers[$0 / 64] >> UInt64($0 % 64) & 1 == 1 }.map { ids[$0] }
            let peers = PortClasses.Peers.sets(Set(members))
            known[segment.peers] = peers
            return (range, peers)
        }
    }
}
