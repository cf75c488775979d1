import ClusterAPI
import NetworkTypes
import PolicyEngine
import PolicyEvidence
import YAML

/// A suggestion as YAML, with the evidence for every rule above it.
struct SuggestionDocuments {
    private let suggestion: PolicySuggestion
    /// What people should know about the evidence.
    private let remarks: [String]

    /// Comments are at most so wide.
    private static let width = 96

    init(_ suggestion: PolicySuggestion, remarks: [String] = []) {
        self.suggestion = suggestion
        self.remarks = remarks
    }

    var text: String {
        YAMLRenderer.render(
            suggestion.policies.enumerated().map { index, policy in
                let comment = index == 0 ? header + [""] : []
                return YAMLDocument(Self.node(policy), comment: comment + Self.wrapped(["Pods \(policy.workload)"]))
            })
    }

    private var header: [String] {
        var lines = ["NetworkPolicies for namespace \(suggestion.namespace), from \(Self.count(suggestion.flows))."]
        if let span = suggestion.span {
            let length = EvidenceWords.duration(span.upperBound - span.lowerBound)
            let nodes = suggestion.observers.sorted().joined(separator: ", ")
            lines += [
                "They were seen in \(length), \(Self.range(span.lowerBound, span.upperBound)), by \(nodes).",
                "What did not happen in that time is not allowed: work of the night, of the month's end, of a restore.",
            ]
        }
        lines.append("Policies add up: what other policies of the namespace allow stays allowed.")
        return Self.wrapped(lines + remarks + notes)
    }

    /// What has no rule, and why.
    var notes: [String] {
        var notes: [String] = []
        for (reason, count) in suggestion.inexpressible.sorted(by: { $0.key < $1.key }) {
            notes.append("Without a rule: \(EvidenceWords.flows(count)): \(reason).")
        }
        for (grant, count) in suggestion.withheld.sorted(by: { $0.key < $1.key }) {
            notes.append(
                "Withheld, for the same was denied as well: \(grant) (\(EvidenceWords.flows(count)) at "
                    + "\(grant.direction.rawValue)).")
        }
        for removal in suggestion.removed {
            notes.append(
                "Taken out of \(removal.policy), for it would let pass what was denied (\(removal.denied)): the "
                    + "\(removal.direction.rawValue) rule about \(removal.rule.subject).")
        }
        return notes
    }

    private static func count(_ flows: Int) -> String {
        flows == 1 ? "1 flow that was allowed" : "\(flows) flows that were allowed"
    }

    private static func range(_ first: Int64, _ last: Int64) -> String {
        let texts = [first, last].map(EvidenceWords.time)
        return texts[0] == texts[1] ? texts[0] : texts.joined(separator: " to ")
    }

    private static func wrapped(_ lines: [String]) -> [String] { lines.flatMap { WrappedTable.wrapped($0, width) } }

    private static func node(_ policy: SuggestedPolicy) -> YAMLNode {
        .mapping([
            YAMLEntry("apiVersion", .text(NetworkPolicy.resource.apiVersion)),
            YAMLEntry("kind", .text(NetworkPolicy.resource.kind)),
            YAMLEntry(
                "metadata",
                .mapping([
                    YAMLEntry("name", .text(policy.name)), YAMLEntry("namespace", .text(policy.workload.namespace)),
                ])),
            YAMLEntry(
                "spec",
                .mapping([
                    YAMLEntry("podSelector", node(policy.selector)),
                    YAMLEntry("policyTypes", .sequence([YAMLElement(.text("Ingress")), YAMLElement(.text("Egress"))])),
                    entry("ingress", policy.ingress, peers: "from"), entry("egress", policy.egress, peers: "to"),
                ])),
        ])
    }

    private static func entry(_ direction: String, _ rules: [SuggestedRule], peers: String) -> YAMLEntry {
        YAMLEntry(
            direction, .sequence(rules.map { YAMLElement(node($0, peers), comment: comment($0, peers)) }),
            comment: rules.isEmpty ? ["Nothing was seen: closed."] : [])
    }

    private static func comment(_ rule: SuggestedRule, _ word: String) -> [String] {
        var lines = ["\(word) \(rule.subject): \(text(rule.evidence))"]
        lines.append("such as \(rule.evidence.examples.joined(separator: ", "))")
        for wide in rule.wideBlocks {
            lines.append("\(wide.block) stands for \(wide.seen) addresses that were seen; others in it were not")
        }
        return wrapped(lines)
    }

    private static func text(_ evidence: Evidence) -> String {
        let answers =
            evidence.unanswered == 0
            ? "" : ", \(evidence.unanswered == evidence.flows ? "none answered" : "\(evidence.unanswered) unanswered")"
        return "\(EvidenceWords.flows(evidence.flows)), \(range(evidence.first, evidence.last)), "
            + EvidenceWords.bytes(evidence.bytes) + answers
    }

    private static func node(_ rule: SuggestedRule, _ peers: String) -> YAMLNode {
        let isSingle = rule.seen.count == 1
        let ports = rule.seen.map { seen in
            YAMLElement(
                .mapping([
                    YAMLEntry("protocol", .text(seen.port.transport.rawValue)),
                    YAMLEntry("port", .number(Int64(seen.port.number))),
                ]), comment: isSingle ? [] : wrapped([text(seen.evidence)]))
        }
        return .mapping([
            YAMLEntry(peers, .sequence(rule.peers.map { YAMLElement(node($0)) })), YAMLEntry("ports", .sequence(ports)),
        ])
    }

    private static func node(_ peer: NetworkPolicyPeer) -> YAMLNode {
        var entries: [YAMLEntry] = []
        if let selector = peer.podSelector { entries.append(YAMLEntry("podSelector", node(selector))) }
        if let selector = peer.namespaceSelector { entries.append(YAMLEntry("namespaceSelector", node(selector))) }
        if let block = peer.ipBlock {
            entries.append(YAMLEntry("ipBlock", .mapping([YAMLEntry("cidr", .text(block.cidr))])))
        }
        return .mapping(entries)
    }

    private static func node(_ selector: LabelSelector) -> YAMLNode {
        var entries: [YAMLEntry] = []
        if let labels = selector.matchLabels {
            entries.append(
                YAMLEntry(
                    "matchLabels",
                    .mapping(labels.sorted { $0.key < $1.key }.map { YAMLEntry($0.key, .text($0.value)) })))
        }
        if let expressions = selector.matchExpressions {
            let elements = expressions.map { expression in
                YAMLElement(
                    .mapping([
                        YAMLEntry("key", .text(expression.key)),
                        YAMLEntry("operator", .text(expression.operator.rawValue)),
                    ]))
            }
            entries.append(YAMLEntry("matchExpressions", .sequence(elements)))
        }
        return .mapping(entries)
    }
}
