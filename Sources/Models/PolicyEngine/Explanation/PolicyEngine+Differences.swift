import ClusterAPI
import NetworkTypes

extension PolicyEngine {
    /// Why the ports of a rule do not match; empty if they do.
    func portDifferences(_ ports: CompiledPorts, _ question: Question) -> [Difference] {
        if ports.isAll || ports.matchNumber(question.transport, question.port) { return [] }
        let declared = question.target?.facts.namedPorts ?? [:]
        let sameProtocol = ports.named.filter { $0.transport == question.transport }
        if let port = question.port, sameProtocol.contains(where: { declared[$0]?.contains(port) ?? false }) {
            return []
        }
        var differences: [Difference] = []
        let numbered = ports.numbered.filter { $0.transport == question.transport }
        if question.transport == .icmp {
            differences.append(.portsOfICMP(wanted: ports.numbered))
        } else if !numbered.isEmpty, let port = question.port {
            differences.append(.port(wanted: numbered, has: port))
        } else if !ports.numbered.isEmpty, sameProtocol.isEmpty {
            differences.append(.transport(wanted: ports.numbered, has: question.transport))
        }
        let named = sameProtocol.isEmpty && differences.isEmpty ? ports.named : sameProtocol
        differences += named.map { Difference.namedPort($0.name, $0.transport, numbers: declared[$0] ?? []) }
        return differences.isEmpty ? [.transport(wanted: ports.numbered, has: question.transport)] : differences
    }

    /// Every peer that the other end is not; empty if it is one of them.
    func peerMisses(_ rule: RuleRecord, _ question: Question) -> [PeerMiss] {
        guard let peers = rule.peers, !peers.contains(where: { isMember(question.other, of: $0) }) else { return [] }
        if peers.isEmpty { return [PeerMiss(peer: "nobody", differences: [.notAPod])] }
        return peers.compactMap { slot in
            sets[slot].map { PeerMiss(peer: $0.id.definition, differences: differences($0.definition, question.other)) }
        }
    }

    private func differences(_ definition: PeerSetDefinition, _ end: Endpoint) -> [Difference] {
        switch definition {
        case .networks(let blocks): blockDifferences(blocks, end)
        case .names(let selector): end.address.map { [.otherName(selector, $0)] } ?? [.noAddress]
        case .nodes(let selector):
            if case .node = end.kind { [.otherNode(selector)] } else { [.notANode] }
        case .pods(let scope, let selector): podDifferences(scope, selector, end)
        case .named(_, let target): target.map { differences($0, end) } ?? [.notAPod]
        }
    }

    private func blockDifferences(_ blocks: [AddressBlock], _ end: Endpoint) -> [Difference] {
        guard let address = end.address else { return [.noAddress] }
        let cut = blocks.compactMap { block -> Difference? in
            guard block.network.contains(address) else { return nil }
            return block.holes.first { $0.contains(address) }.map { .inException($0, of: block.network) }
        }
        return cut.first.map { [$0] } ?? [.outsideBlocks(blocks.map(\.network))]
    }

    private func podDifferences(_ scope: NamespaceScope, _ selector: LabelSelector, _ end: Endpoint) -> [Difference] {
        guard case .pod(let slot) = end.kind, let facts = pods[slot]?.facts else { return [.notAPod] }
        var differences: [Difference] = []
        switch scope {
        case .named(let name):
            if name != facts.key.namespace { differences.append(.namespace(wanted: name, has: facts.key.namespace)) }
        case .matching(let namespaces): differences = namespaceDifferences(namespaces, facts.key.namespace)
        case .doubtful:
            // Only pods of namespaces that were not seen are in such a set.
            if !isInside(facts.key.namespace, scope) { differences = [.namespaceUnseen(facts.key.namespace)] }
        case .network:
            if !isInside(facts.key.namespace, scope) { differences = [.otherNetwork(project: facts.key.namespace)] }
        case .notInOne:
            if !isInside(facts.key.namespace, scope) { differences = [.inOneZone(facts.key.namespace)] }
        }
        return differences + selector.differences(facts.labels).map(Difference.podLabel)
    }

    /// What keeps a namespace from being one that a selector matches for certain.
    func namespaceDifferences(_ selector: LabelSelector, _ namespace: String) -> [Difference] {
        guard let labels = namespaces[namespace]?.labels else { return [.namespaceUnseen(namespace)] }
        switch selector.match(labels) {
        case .yes: return []
        case .unknown: return [.namespaceUnseen(namespace)]
        case .no: return selector.differences(labels.known).map(Difference.namespaceLabel)
        }
    }
}
