import APIMachinery
import ClusterAPI
import NetworkTypes
import PolicyEngine

/// Address blocks of one rule that get in each other's way.
enum BlockChecks {
    static func findings(_ rule: LintRule) -> [LintFinding] {
        let blocks = (rule.peers ?? []).enumerated().compactMap { index, peer in
            peer.ipBlock.flatMap { block in
                CIDR(block.cidr).map { Block(index: index, network: $0, holes: (block.except ?? []).map { CIDR($0) }) }
            }
        }
        let place = rule.place
        var findings = blocks.flatMap { overlappingHoles($0, place) }
        for inner in blocks {
            for outer in blocks where outer.index != inner.index && outer.network.contains(inner.network) {
                // Of two equal blocks the later is one too many.
                if outer.network == inner.network, outer.index > inner.index { continue }
                let name = "\(place.peersField)[\(outer.index)]"
                let hole = outer.holes.compactMap(\.self).first { $0.overlaps(inner.network) }
                let message =
                    hole.map {
                        "\(inner.network) opens again what \(name) excepts (\($0)); an except cuts its own block only"
                    }
                    ?? "\(inner.network) lies in \(outer.network) of \(name): one of them is enough"
                findings.append(
                    place.finding(.overlappingBlocks, place.path(peer: inner.index, "ipBlock", "cidr"), message))
                break
            }
        }
        return findings
    }

    private static func overlappingHoles(_ block: Block, _ place: RulePlace) -> [LintFinding] {
        block.holes.enumerated().compactMap { number, hole in
            guard let hole else { return nil }
            let outer = block.holes.enumerated().first { other, candidate in
                guard other != number, let candidate, candidate.contains(hole) else { return false }
                return candidate != hole || other < number
            }
            guard let wider = outer?.element else { return nil }
            return place.finding(
                .overlappingBlocks,
                place.path(peer: block.index, "ipBlock", "except") + [.index(number)],
                "\(hole) lies in the exception \(wider) already")
        }
    }

    private struct Block {
        let index: Int
        let network: CIDR
        /// In the order of `except`; nil for what is no network.
        let holes: [CIDR?]
    }
}
