import AddressAllocation
import ClusterAPI
import KubernetesClient
import NetworkTypes

extension ClusterPlan {
    /// Brings one node's HostSubnet and podCIDRs in order.
    mutating func plan(
        _ node: Node, existing: HostSubnet?, _ ranges: ClusterRanges?, givesNew: Bool, memory: inout AllocationMemory
    ) {
        if let existing, belongsToEarlierNode(existing, node) {
            // The next plan makes a new one.
            actions.append(.deleteHostSubnet(name: existing.key.name, uid: existing.metadata.uid))
            return
        }
        guard let addresses = usableAddresses(of: node, ranges) else { return }
        var desired = existing ?? HostSubnet(host: node.key.name, hostIPs: [], subnets: [])
        desired.host = node.key.name
        desired.hostIP = addresses.first ?? ""
        desired.hostIPs = addresses
        desired.metadata.annotations = (desired.metadata.annotations ?? [:]).merging(
            node.metadata.uid.map { [HostSubnetAnnotation.nodeUID: $0] } ?? [:]
        ) { $1 }
        if givesNew, let ranges {
            guard fill(&desired, ranges, about: ObjectReference(to: node), memory: &memory) else { return }
        }
        guard desired.hasSubnet else { return }
        if let existing {
            if !existing.says(sameAs: desired) { actions.append(.updateHostSubnet(desired)) }
            if (node.spec?.podCIDRs ?? []).isEmpty, (node.spec?.podCIDR ?? "").isEmpty, existing.hasSubnet {
                actions.append(.setPodCIDRs(node: node.key.name, cidrs: existing.allSubnets))
            }
        } else {
            actions.append(.createHostSubnet(desired))
        }
    }

    /// Devices that are no nodes get the subnet that they ask for; subnets of nodes that are gone are freed.
    mutating func planHostSubnetsWithoutNode(
        _ snapshot: ClusterSnapshot, ranges: ClusterRanges?, memory: inout AllocationMemory
    ) {
        for hostSubnet in snapshot.hostSubnets.sorted where !snapshot.nodes.contains(hostSubnet.key.name) {
            let annotations = hostSubnet.metadata.annotations ?? [:]
            if annotations[HostSubnetAnnotation.assignSubnet] == "true" {
                guard !hostSubnet.hasSubnet, let ranges else { continue }
                var desired = hostSubnet
                if fill(&desired, ranges, about: ObjectReference(to: hostSubnet), memory: &memory) {
                    actions.append(.updateHostSubnet(desired))
                }
            } else if annotations[HostSubnetAnnotation.nodeUID] != nil {
                actions.append(.deleteHostSubnet(name: hostSubnet.key.name, uid: hostSubnet.metadata.uid))
            } else {
                report(
                    .hostSubnetWithoutNode, hostSubnet,
                    "there is no such Node and it was not made by Gabion; delete it, or annotate it with "
                        + "\(HostSubnetAnnotation.assignSubnet)=true")
            }
        }
    }

    /// True if it was made for another Node of the same name.
    private func belongsToEarlierNode(_ hostSubnet: HostSubnet, _ node: Node) -> Bool {
        guard let made = hostSubnet.metadata.annotations?[HostSubnetAnnotation.nodeUID], let uid = node.metadata.uid
        else { return false }
        return made != uid
    }

    /// The node's internal addresses in its own order; nil with a finding when they cannot be used.
    private mutating func usableAddresses(of node: Node, _ ranges: ClusterRanges?) -> [String]? {
        let texts = node.internalAddressTexts
        let reference = ObjectReference(to: node)
        let addresses = texts.compactMap { IPAddress($0) }
        guard !addresses.isEmpty, addresses.count == texts.count else {
            let bad = texts.filter { IPAddress($0) == nil }
            let problem =
                bad.isEmpty ? "it has no address of type InternalIP" : "'\(bad[0])' is not an IP address"
            findings.insert(
                Finding(.nodeWithoutAddress, "Node \(node.key.name) has no subnet: \(problem)", about: reference))
            return nil
        }
        for address in addresses {
            guard let conflict = ranges?.conflict(with: address) else { continue }
            findings.insert(
                Finding(
                    .nodeAddressConflict,
                    "Node \(node.key.name) is refused: its address \(address) lies in \(conflict.name) "
                        + "\(conflict.range) of ClusterNetwork 'default'; use other ranges or another address",
                    about: reference))
            return nil
        }
        return addresses.map(\.description)
    }

    /// Adds a subnet of each family that is missing, primary family first, behind those that are there.
    ///
    /// False with a finding when there is none left; then nothing is taken.
    private mutating func fill(
        _ hostSubnet: inout HostSubnet, _ ranges: ClusterRanges, about object: ObjectReference,
        memory: inout AllocationMemory
    ) -> Bool {
        var present = hostSubnet.allSubnets.compactMap { CIDR($0) }
        guard present.count == hostSubnet.allSubnets.count(where: { !$0.isEmpty }) else { return true }
        let before = memory.subnets
        for family in ranges.families where !present.contains(where: { $0.family == family }) {
            do {
                present.append(try memory.subnets.allocate(family))
            } catch {
                memory.subnets = before
                findings.insert(
                    Finding(.subnetsExhausted, "\(object.kind ?? "") \(object.name ?? ""): \(error)", about: object))
                return hostSubnet.hasSubnet
            }
        }
        hostSubnet.subnets = present.map(\.description)
        hostSubnet.subnet = hostSubnet.subnets?.first ?? ""
        return true
    }
}

extension HostSubnet {
    var hasSubnet: Bool { allSubnets.contains { !$0.isEmpty } }

    /// True if both say the same to whoever reads them.
    func says(sameAs other: HostSubnet) -> Bool {
        host == other.host && hostIP == other.hostIP && subnet == other.subnet && allHostIPs == other.allHostIPs
            && allSubnets == other.allSubnets
            && metadata.annotations?[HostSubnetAnnotation.nodeUID]
                == other.metadata.annotations?[HostSubnetAnnotation.nodeUID]
    }
}
