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
        var uses: [(number: Int, range: PortRange)] = []
        var numbers: [PeerSetID: Int] = [:]
        // Number 0 stands for everyone.
        var ids: [PeerSetID?] = [nil]
        for rule in rules {
            guard case .ports(let matches) = rule.ports else { continue }
            for match in matches where match.transport == transport {
                guard case .sets(let sets) = rule.peers else {
                    uses.append((0, match.range))
                    continue
                }
                for id in sets where !covered.contains(id) {
                    let number = numbers[id] ?? ids.count
                    if number == ids.count {
                        numbers[id] = number
                        ids.append(id)
                    }
                    uses.append((number, match.range))
                }
            }
        }
        var sweep = PortSweep(count: ids.count)
        for use in uses { sweep.add(use.number, use.range) }
        var everyone = NumberSet(count: ids.count)
        everyone.set(0, true)
        var known: [NumberSet: Peers] = [everyone: .everyone]
        for (range, numbers) in sweep.segments({ $0.contains(0) ? everyone : $0 }) {
            let peers = known[numbers] ?? .sets(Set(numbers.numbers.compactMap { ids[$0] }))
            known[numbers] = peers
            ranges.append((peers, transport, range))
        }
    }
}
