import NFTables
import NetworkTypes
import NodeModel
import PolicyEngine

extension DatapathCompiler {
    /// One attachment: its sources, its place in the verdict maps, and the chains that it alone needed.
    mutating func compilePod(_ interface: String, _ state: NodeState, _ delta: inout DatapathDelta) {
        let old = pods[interface]
        let new = state.pods[interface]
        guard old != new else { return }
        pods[interface] = new
        for use in uses(new) { retain(use, state, &delta) }
        if old?.attachment != new?.attachment {
            replaceSources(old?.attachment, new?.attachment, &delta)
            for address in old?.attachment.addresses ?? [] {
                holders[address]?.remove(interface)
                if holders[address]?.isEmpty == true { holders[address] = nil }
            }
            for address in new?.attachment.addresses ?? [] { holders[address, default: []].insert(interface) }
        }
        for address in Set((old?.attachment.addresses ?? []) + (new?.attachment.addresses ?? [])) {
            setVerdict(address, .egress, &delta)
            setVerdict(address, .ingress, &delta)
            setHairpin(address, &delta)
            setMetadataAccess(address, &delta)
        }
        for use in uses(old) { release(use, &delta) }
    }

    private func uses(_ pod: LocalPod?) -> [PolicyUse] {
        guard let policy = pod?.policy else { return [] }
        return [
            policy.ingress.map { PolicyUse(direction: .ingress, policy: $0) },
            policy.egress.map { PolicyUse(direction: .egress, policy: $0) },
        ].compactMap(\.self)
    }

    // MARK: Guards

    private mutating func replaceSources(
        _ old: PodAttachment?, _ new: PodAttachment?, _ delta: inout DatapathDelta
    ) {
        for family in IPAddress.Family.allCases {
            let name = KernelNames.sources(family)
            let gone = Self.sources(old, family)
            let come = Self.sources(new, family)
            guard gone != come else { continue }
            datapath.table.sets[name]?.elements.subtract(gone)
            datapath.table.sets[name]?.elements.formUnion(come)
            var change = ElementDelta()
            change.removed = gone.subtracting(come)
            change.added = come.subtracting(gone)
            delta.changeElements(of: name, change)
            guard family == .v4 else { continue }
            datapath.arpTable.sets[KernelNames.arpSenders]?.elements.subtract(gone)
            datapath.arpTable.sets[KernelNames.arpSenders]?.elements.formUnion(come)
            delta.arp = true
        }
    }

    /// What the pod may send as: its addresses, and with an IPv6 one also its link-local and, for address detection,
    /// the unspecified address.
    private static func sources(_ attachment: PodAttachment?, _ family: IPAddress.Family) -> Set<ElementKey> {
        guard let attachment, let interface = InterfacePattern(attachment.interface) else { return [] }
        var addresses = attachment.addresses.filter { $0.family == family }
        if family == .v6, !addresses.isEmpty {
            addresses += [attachment.mac.linkLocalAddress, IPAddress(family: .v6, bits: 0)]
        }
        return Set(addresses.map { ElementKey(.interface(interface), .mac(attachment.mac), .address($0)) })
    }

    // MARK: Verdict maps

    /// An address that was given twice is open only as far as all of its holders agree, else closed.
    private mutating func setVerdict(_ address: IPAddress, _ direction: Direction, _ delta: inout DatapathDelta) {
        let map =
            direction == .egress ? KernelNames.egressMap(address.family) : KernelNames.ingressMap(address.family)
        let verdicts = Set((holders[address] ?? []).compactMap { pods[$0].map { verdict($0, direction) } })
        let value = verdicts.count > 1 ? .goto(KernelNames.closedPod) : verdicts.first
        let key = ElementKey(.address(address))
        let element = value.map { NamedMap.Value.verdict($0) }
        guard datapath.table.maps[map]?.elements[key] != element else { return }
        datapath.table.maps[map]?.elements[key] = element
        delta.maps.insert(map)
    }

    private func verdict(_ pod: LocalPod, _ direction: Direction) -> NFTables.Verdict {
        guard let policy = pod.policy else { return .goto(KernelNames.closedPod) }
        guard let isolating = policy[direction] else {
            return direction == .egress ? .goto(KernelNames.reachPod) : .accept
        }
        let record = policies[PolicyUse(direction: direction, policy: isolating)]
        return .goto(record?.entry ?? KernelNames.closedPod)
    }
}
