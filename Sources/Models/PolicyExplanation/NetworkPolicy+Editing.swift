import ClusterAPI
import NetworkTypes
import PolicyEngine

extension NetworkPolicySpec {
    /// Changes peers and ports of one rule; nothing happens if there is no such rule.
    mutating func changeRule(
        _ direction: Direction, _ index: Int,
        _ change: (inout [NetworkPolicyPeer]?, inout [NetworkPolicyPort]?) -> Void
    ) {
        switch direction {
        case .ingress:
            guard var rule = ingress?.element(index) else { return }
            change(&rule.from, &rule.ports)
            ingress?[index] = rule
        case .egress:
            guard var rule = egress?.element(index) else { return }
            change(&rule.to, &rule.ports)
            egress?[index] = rule
        }
    }

    mutating func addRule(_ direction: Direction, _ peer: NetworkPolicyPeer, _ ports: [NetworkPolicyPort]?) {
        switch direction {
        case .ingress: ingress = (ingress ?? []) + [IngressRule(from: [peer], ports: ports)]
        case .egress: egress = (egress ?? []) + [EgressRule(to: [peer], ports: ports)]
        }
    }
}

extension Array {
    fileprivate func element(_ index: Int) -> Element? { indices.contains(index) ? self[index] : nil }
}

extension Direction {
    var preposition: String { self == .ingress ? "from" : "to" }
}

extension NetworkPolicyPeer {
    /// The narrowest peer that an end is; nil for an end that no peer can name.
    init?(_ end: EndFacts, in namespace: String) {
        switch end.kind {
        case .unreachable: return nil
        case .pod(let pod, _, _):
            let isOwn = pod.namespace == namespace
            self.init(
                podSelector: LabelSelector(matchLabels: end.selectingLabels),
                namespaceSelector: isOwn
                    ? nil : LabelSelector(matchLabels: ["kubernetes.io/metadata.name": pod.namespace]))
        case .node, .external:
            guard let address = end.address else { return nil }
            self.init(ipBlock: IPBlock(cidr: CIDR(host: address).description))
        }
    }

    func without(exception hole: CIDR, of network: CIDR) -> NetworkPolicyPeer {
        guard let block = ipBlock, CIDR(block.cidr) == network else { return self }
        let left = (block.except ?? []).filter { CIDR($0) != hole }
        return NetworkPolicyPeer(ipBlock: IPBlock(cidr: block.cidr, except: left.isEmpty ? nil : left))
    }
}

extension EndFacts {
    /// The labels that tell a pod from others, without those that change with every roll-out.
    var selectingLabels: [String: String] {
        guard case .pod(_, let labels, _) = kind else { return [:] }
        let passing = ["pod-template-hash", "controller-revision-hash", "pod-template-generation"]
        return labels.filter { !passing.contains($0.key) }
    }

    /// `pods app=web of namespace shop`, `10.0.0.1/32`.
    var peerText: String {
        switch kind {
        case .pod(let pod, _, _):
            let labels = LabelSelector(matchLabels: selectingLabels)
            return (labels.isEmpty ? "all pods" : "pods \(labels)") + " of namespace \(pod.namespace)"
        case .node, .external: return address.map { CIDR(host: $0).description } ?? "\(party)"
        case .unreachable: return "\(party)"
        }
    }
}
