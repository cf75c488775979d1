import APIMachinery
import ClusterAPI
import NetworkTypes
import PolicyEngine

/// Subjects, peers, zones and holes that match nothing among the objects that are known.
///
/// Of pods and namespaces nothing is said without any pod, of nodes nothing without any node, and never of an empty selector.
struct ClusterSelectorChecks {
    let lint: PolicyLint

    func findings(_ rules: [ClusterLintRule]) -> [LintFinding] {
        var seen: Set<PolicyReference> = []
        return rules.flatMap { rule -> [LintFinding] in
            let path: [FieldPath.Step] = [.field("spec"), .field("subject")]
            let subject =
                seen.insert(rule.policy).inserted
                ? missing(rule.subject.scope, rule.subject.pods != nil, path, "the policy is about nothing") : nil
            return [subject].compactMap { $0 }.map { rule.finding(.selectsNothing, $0.path, $0.message) }
                + rule.peers.enumerated().compactMap { index, peer in
                    missing(peer, rule.path(peer: index)).map { rule.finding(.selectsNothing, $0.path, $0.message) }
                }
        }
    }

    func findings(_ zone: Zone) -> [LintFinding] {
        let spec: [FieldPath.Step] = [.field("spec")]
        var found: [Missing?] = []
        let own = zone.spec?.namespaceSelector
        found.append(
            own.flatMap { missing(PodScope($0, nil), false, spec, "no pod is in the zone", "namespaceSelector") })
        found.append(
            zone.spec?.nodeSelector.flatMap { noNode($0, spec + [.field("nodeSelector")], "no node is in it") })
        for (index, hole) in (zone.spec?.holes ?? []).enumerated() {
            let path = spec + [.field("holes"), .index(index)]
            let from = lint.zones.first { $0.key.name == hole.from?.zone }?.spec?.namespaceSelector
            if let from, let source = hole.from {
                found.append(
                    missing(
                        source.namespaceSelector, source.podSelector, within: from, path + [.field("from")],
                        "zone \(source.zone ?? "")"))
            }
            if let own, let target = hole.to {
                found.append(
                    missing(
                        target.namespaceSelector, target.podSelector, within: own, path + [.field("to")],
                        "zone \(zone.key.name)"))
            }
        }
        return found.compactMap(\.self).map {
            LintFinding(
                rule: .selectsNothing, subject: .object(PolicyReference(.zone, zone.key)), path: $0.path,
                message: $0.message)
        }
    }

    private struct Missing {
        let path: [FieldPath.Step]
        let message: String
    }

    private func missing(_ peer: ClusterPolicyPeer, _ path: [FieldPath.Step]) -> Missing? {
        if let nodes = peer.nodes { return noNode(nodes, path + [.field("nodes")], "this peer is nobody") }
        return peer.scope.flatMap { missing($0, peer.pods != nil, path, "this peer is nobody") }
    }

    private func noNode(_ selector: LabelSelector, _ path: [FieldPath.Step], _ consequence: String) -> Missing? {
        guard !lint.cluster.nodes.isEmpty, !selector.isEmpty,
            !lint.cluster.nodes.contains(where: { selector.matches($0.metadata.labels ?? [:]) })
        else { return nil }
        return Missing(path: path, message: "no node has \(selector): \(consequence)")
    }

    /// - Parameter field: That of the selector of namespaces, where it is no part of `pods`.
    private func missing(
        _ scope: PodScope, _ hasPods: Bool, _ path: [FieldPath.Step], _ consequence: String,
        _ field: String = "namespaces"
    ) -> Missing? {
        guard !lint.pods.isEmpty else { return nil }
        let inside = lint.namespaces.filter { scope.namespaces.matches($0.value) }.map(\.key)
        let pods = hasPods ? path + [.field("pods")] : path
        if inside.isEmpty {
            let path = pods + [.field(hasPods ? "namespaceSelector" : field)]
            return scope.namespaces.isEmpty
                ? nil : Missing(path: path, message: "no namespace has \(scope.namespaces): \(consequence)")
        }
        guard !scope.pods.isEmpty, !lint.hasPod(scope.pods, in: inside) else { return nil }
        return Missing(
            path: pods + [.field("podSelector")],
            message: "no pod of namespace \(PolicyLint.list(inside)) has \(scope.pods): \(consequence)")
    }

    /// One end of a hole, which is about pods of a zone only.
    private func missing(
        _ namespaces: LabelSelector?, _ pods: LabelSelector?, within zone: LabelSelector, _ path: [FieldPath.Step],
        _ name: String
    ) -> Missing? {
        guard !lint.pods.isEmpty else { return nil }
        let members = lint.namespaces.filter { zone.matches($0.value) }
        let inside = members.filter { namespaces?.matches($0.value) ?? true }.map(\.key)
        if let namespaces, !namespaces.isEmpty, inside.isEmpty {
            return Missing(
                path: path + [.field("namespaceSelector")],
                message: "no namespace of \(name) has \(namespaces): nothing comes through this hole")
        }
        guard let pods, !pods.isEmpty, !inside.isEmpty, !lint.hasPod(pods, in: inside) else { return nil }
        return Missing(
            path: path + [.field("podSelector")],
            message: "no pod of \(name) has \(pods): nothing comes through this hole")
    }
}
