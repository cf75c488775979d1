import APIMachinery
import ClusterAPI
import NetworkTypes
import PolicyEngine

/// Rules that open to every address there is.
enum ReachChecks {
    static func findings(_ rule: LintRule) -> [LintFinding] {
        guard rule.isInForce else { return [] }
        let place = rule.place
        let way = place.direction == .ingress ? "from" : "to"
        // An empty list of peers is reported as such.
        if rule.peers == nil {
            let ports = rule.ports.isEmpty ? "everything" : rule.ports.map(\.text).joined(separator: ", ")
            let remedy = rule.ports.isEmpty ? "name peers or ports" : "name peers"
            return [
                place.finding(
                    .openToInternet, place.path,
                    "allows \(ports) \(way) everywhere, the internet too; \(remedy)")
            ]
        }
        let blocks = (rule.peers ?? []).enumerated().flatMap { index, peer -> [OpenBlocks.Block] in
            guard let block = peer.ipBlock, let network = CIDR(block.cidr) else { return [] }
            let path = place.path(peer: index, "ipBlock", "cidr")
            let holes = (block.except ?? []).compactMap { CIDR($0) }
            if network.prefixLength == 0 {
                let note = holes.isEmpty ? "" : ", but for the exceptions"
                return [OpenBlocks.Block(path: path, network: network, note: note)]
            }
            return network.subtracting(holes).map { OpenBlocks.Block(path: path, network: $0) }
        }
        return OpenBlocks.findings(blocks, ports: rule.ports, place.direction) {
            place.finding(.openToInternet, $0, $1)
        }
    }
}
