import APIMachinery
import ClusterAPI
import NetworkTypes
import PolicyEngine

/// What rules of cluster-wide policies do that is probably not meant.
enum ClusterRuleChecks {
    static func findings(_ rules: [ClusterLintRule]) -> [LintFinding] {
        rules.flatMap { rule in shadowed(rule, rules) + open(rule) + overlapping(rule) }
    }

    /// A rule that never decides, whatever pods there are, since an earlier one is about all of its traffic.
    ///
    /// Within a tier every earlier rule goes before, a Pass too; what Admin allows or denies no Baseline rule sees.
    private static func shadowed(_ rule: ClusterLintRule, _ rules: [ClusterLintRule]) -> [LintFinding] {
        let cover = rules.first { other in
            other.direction == rule.direction && other.comes(before: rule)
                && (other.tier == rule.tier || hasLastWord(other, rules)) && covers(other, rule)
        }
        guard let cover else { return [] }
        let name = cover.policy == rule.policy ? "" : " of \(cover.policy)"
        let verb =
            switch cover.action {
            case .allow: "allows"
            case .deny: "denies"
            case .pass: "passes"
            }
        return [
            rule.finding(
                .shadowedRule, rule.path,
                "\(rule.direction.rawValue)[\(cover.index)]\(name) \(verb) all of this before: the rule does nothing; "
                    + "remove it, or let it come first")
        ]
    }

    /// Whether a rule of the Admin tier keeps Baseline from being asked: not if a Pass before it may let traffic by.
    private static func hasLastWord(_ rule: ClusterLintRule, _ rules: [ClusterLintRule]) -> Bool {
        rule.action != .pass
            && !rules.contains { other in
                other.action == .pass && other.direction == rule.direction && other.comes(before: rule)
            }
    }

    private static func covers(_ wide: ClusterLintRule, _ narrow: ClusterLintRule) -> Bool {
        covers(wide.subject.scope, narrow.subject.scope) && PortCover.covers(wide.ports, narrow.ports)
            && narrow.peers.allSatisfy { peer in wide.peers.contains { covers($0, peer) } }
    }

    private static func covers(_ wide: ClusterPolicyPeer, _ narrow: ClusterPolicyPeer) -> Bool {
        if let networks = narrow.networks {
            let outer = (wide.networks ?? []).compactMap { CIDR($0) }
            return networks.compactMap { CIDR($0) }.allSatisfy { inner in outer.contains { $0.contains(inner) } }
        }
        if let nodes = narrow.nodes { return wide.nodes.map { Implication.holds(nodes, $0) } ?? false }
        guard let outer = wide.scope, let inner = narrow.scope else { return false }
        return covers(outer, inner)
    }

    private static func covers(_ wide: PodScope, _ narrow: PodScope) -> Bool {
        Implication.holds(narrow.namespaces, wide.namespaces) && Implication.holds(narrow.pods, wide.pods)
    }

    private static func blocks(_ rule: ClusterLintRule) -> [OpenBlocks.Block] {
        rule.peers.enumerated().flatMap { index, peer in
            (peer.networks ?? []).enumerated().compactMap { place, text in
                CIDR(text).map {
                    OpenBlocks.Block(path: rule.path(peer: index, "networks") + [.index(place)], network: $0)
                }
            }
        }
    }

    private static func open(_ rule: ClusterLintRule) -> [LintFinding] {
        guard rule.action == .allow else { return [] }
        return OpenBlocks.findings(blocks(rule), ports: rule.ports, rule.direction) {
            rule.finding(.openToInternet, $0, $1)
        }
    }

    private static func overlapping(_ rule: ClusterLintRule) -> [LintFinding] {
        let blocks = blocks(rule)
        return blocks.enumerated().compactMap { number, inner in
            let outer = blocks.enumerated().first { other, block in
                // Of two equal blocks the later is one too many.
                other != number && block.network.contains(inner.network)
                    && (block.network != inner.network || other < number)
            }
            return outer.map { _, block in
                rule.finding(
                    .overlappingBlocks, inner.path,
                    "\(inner.network) lies in \(block.network) of the same rule: one of them is enough")
            }
        }
    }
}

/// Pods by two selectors.
struct PodScope {
    let namespaces: LabelSelector
    let pods: LabelSelector

    init(_ namespaces: LabelSelector?, _ pods: LabelSelector?) {
        self.namespaces = namespaces ?? LabelSelector()
        self.pods = pods ?? LabelSelector()
    }
}

extension ClusterPolicySubject {
    var scope: PodScope { PodScope(namespaces ?? pods?.namespaceSelector, pods?.podSelector) }
}

extension ClusterPolicyPeer {
    /// Nil for peers that are no pods.
    var scope: PodScope? {
        guard namespaces != nil || pods != nil else { return nil }
        return PodScope(namespaces ?? pods?.namespaceSelector, pods?.podSelector)
    }
}
