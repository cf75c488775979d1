import APIMachinery
import ClusterAPI
import NetworkTypes
import PolicyEngine

/// Blocks of one rule that together are every address of a family.
enum OpenBlocks {
    struct Block {
        let path: [FieldPath.Step]
        let network: CIDR
        /// What of it is left out, in words.
        var note = ""
    }

    static func findings(
        _ blocks: [Block], ports: [NetworkPolicyPort], _ direction: Direction,
        _ finding: ([FieldPath.Step], String) -> LintFinding
    ) -> [LintFinding] {
        let way = direction == .ingress ? "from" : "to"
        let ports = ports.isEmpty ? "every port" : ports.map(\.text).joined(separator: ", ")
        let whole = blocks.filter { $0.network.prefixLength == 0 }
        let single = whole.map { block in
            finding(block.path, "\(block.network) is every address\(block.note): allows \(ports) \(way) the internet")
        }
        let pieces = ["0.0.0.0/0", "::/0"].compactMap { CIDR($0) }.compactMap { all -> LintFinding? in
            let own = blocks.filter { $0.network.family == all.family }
            guard let first = own.first, !own.contains(where: { $0.network == all }),
                all.subtracting(own.map(\.network)).isEmpty
            else { return nil }
            let names = own.map(\.network.description).joined(separator: ", ")
            return finding(
                first.path, "\(names) together are every address: allows \(ports) \(way) the internet")
        }
        return single + pieces
    }
}

extension NetworkPolicyPort {
    var text: String {
        let number =
            switch port {
            case nil: ""
            case .int(let first): " \(first)" + (endPort.map { "-\($0)" } ?? "")
            case .string(let name): " \(name)"
            }
        return (self.protocol ?? "TCP") + number
    }
}
