import ClusterAPI
import NetworkTypes
import PolicyEngine

/// Makes policies of what flows asked for.
struct RuleMaker {
    private let namespace: String
    private let grants: [Grant: Evidence]
    private let workloads: [Workload]
    private let selectors: WorkloadSelectors
    private let forbidden: Set<IPAddress>

    init(_ draft: SuggestionDraft) {
        namespace = draft.namespace
        grants = draft.grants.filter { !draft.denied.contains($0.key) }
        workloads = draft.stage.workloads.filter { $0.namespace == draft.namespace }.sorted()
        selectors = WorkloadSelectors(draft.stage.workloads)
        forbidden = draft.stage.clusterAddresses.union(draft.deniedAddresses)
    }

    func policies() -> [SuggestedPolicy] {
        let byWorkload = Dictionary(grouping: grants, by: \.key.workload)
        var names: Set<String> = []
        return workloads.map { workload in
            let own = byWorkload[workload] ?? []
            let selector = selectors.selector(workload)
            return SuggestedPolicy(
                workload: workload, name: Self.name(workload, selector, &names), selector: selector,
                ingress: rules(own.filter { $0.key.direction == .ingress }),
                egress: rules(own.filter { $0.key.direction == .egress }))
        }
    }

    /// One rule for each workload, and one for all addresses that were seen with the same ports.
    private func rules(_ grants: [Dictionary<Grant, Evidence>.Element]) -> [SuggestedRule] {
        var ofWorkloads: [Workload: [ServerPort: Evidence]] = [:]
        var ofAddresses: [IPAddress: [ServerPort: Evidence]] = [:]
        for (grant, evidence) in grants {
            switch grant.peer {
            case .workload(let workload): ofWorkloads[workload, default: [:]][grant.port] = evidence
            case .address(let address): ofAddresses[address, default: [:]][grant.port] = evidence
            }
        }
        let first = ofWorkloads.sorted { $0.key < $1.key }.map { workload, ports in
            SuggestedRule(
                subject: workload.description, peers: [peer(workload)], seen: Self.sorted(ports), wideBlocks: [])
        }
        let byPorts = Dictionary(grouping: ofAddresses.keys) { Set((ofAddresses[$0] ?? [:]).keys) }
        let groups = byPorts.values.map { $0.sorted() }.sorted { $0.lexicographicallyPrecedes($1) }
        return first + groups.map { rule(Set($0), ofAddresses) }
    }

    private func rule(_ addresses: Set<IPAddress>, _ all: [IPAddress: [ServerPort: Evidence]]) -> SuggestedRule {
        // An address that was seen with other ports gets no others by standing near.
        let blocks = AddressBlocks.blocks(addresses, without: forbidden.union(all.keys))
        var ports: [ServerPort: Evidence] = [:]
        for address in addresses.sorted() {
            for (port, evidence) in all[address] ?? [:] { ports[port, default: Evidence()].add(evidence) }
        }
        let wide = blocks.compactMap { block -> SuggestedRule.WideBlock? in
            let seen = addresses.count { block.contains($0) }
            let hostBits = block.family.bitWidth - block.prefixLength
            return hostBits >= 63 || seen < 1 << hostBits ? SuggestedRule.WideBlock(block: block, seen: seen) : nil
        }
        return SuggestedRule(
            subject: addresses.count == 1 ? "1 address" : "\(addresses.count) addresses",
            peers: blocks.map { NetworkPolicyPeer(ipBlock: IPBlock(cidr: $0.description)) },
            seen: Self.sorted(ports), wideBlocks: wide)
    }

    private static func sorted(_ ports: [ServerPort: Evidence]) -> [SuggestedRule.Port] {
        ports.sorted { $0.key < $1.key }.map { SuggestedRule.Port(port: $0.key, evidence: $0.value) }
    }

    private func peer(_ workload: Workload) -> NetworkPolicyPeer {
        let isOwn = workload.namespace == namespace
        let place = LabelSelector(matchLabels: ["kubernetes.io/metadata.name": workload.namespace])
        return NetworkPolicyPeer(
            podSelector: selectors.selector(workload), namespaceSelector: isOwn ? nil : place)
    }

    /// `suggested-` and the values of the labels that select, as far as names of objects allow.
    private static func name(_ workload: Workload, _ selector: LabelSelector, _ taken: inout Set<String>) -> String {
        let chosen = selector.matchLabels ?? [:]
        let values = WorkloadSelectors.keys(of: workload).compactMap { chosen[$0] }
        var text = ""
        for byte in values.joined(separator: "-").lowercased().utf8.prefix(200) {
            let isPlain = (97...122).contains(byte) || (48...57).contains(byte)
            if isPlain || !text.hasSuffix("-") { text += isPlain ? String(UnicodeScalar(byte)) : "-" }
        }
        while text.hasSuffix("-") { text.removeLast() }
        while text.hasPrefix("-") { text.removeFirst() }
        let base = "suggested-" + (text.isEmpty ? "pods" : text)
        var name = base
        var number = 2
        while !taken.insert(name).inserted {
            name = "\(base)-\(number)"
            number += 1
        }
        return name
    }
}
