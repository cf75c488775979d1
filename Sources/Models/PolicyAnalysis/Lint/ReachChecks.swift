import ClusterAPI
import NetworkTypes
import PolicyEngine

/// Rules that open to every address there is.
enum ReachChecks {
    static func findings(_ rule: LintRule) -> [LintFinding] {
        guard rule.isInForce else { return [] }
        let place = rule.place
        let direction = place.direction == .ingress ? "from" : "to"
        // An empty list of peers is reported as such.
        if rule.peers == nil, rule.ports.isEmpty {
            return [
                place.finding(
                    .openToInternet, place.path,
                    "allows everything \(direction) everywhere, the internet too; name peers or ports")
            ]
        }
        return (rule.peers ?? []).enumerated().compactMap { index, peer in
            guard let block = peer.ipBlock, CIDR(block.cidr)?.prefixLength == 0 else { return nil }
            let ports = rule.ports.isEmpty ? "every port" : rule.ports.map(text).joined(separator: ", ")
            let holes = (block.except ?? []).isEmpty ? "" : ", but for the exceptions"
            return place.finding(
                .openToInternet, place.path(peer: index, "ipBlock", "cidr"),
                "\(block.cidr) is every address\(holes): allows \(ports) \(direction) the internet")
        }
    }

    private static func text(_ port: NetworkPolicyPort) -> String {
        let number =
            switch port.port {
            case nil: ""
            case .int(let first): " \(first)" + (port.endPort.map { "-\($0)" } ?? "")
            case .string(let name): " \(name)"
            }
        return (port.protocol ?? "TCP") + number
    }
}
