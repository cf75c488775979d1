import AddressAllocation
import ClusterAPI
import KubernetesClient
import NetworkTypes

/// The annotations of OpenShift SDN that say whose a HostSubnet is.
package enum HostSubnetAnnotation {
    /// The uid of the Node that it was made for.
    package static let nodeUID = "pod.network.openshift.io/node-uid"
    /// `true`: made by hand for a device that is no Node, and wants a subnet.
    package static let assignSubnet = "pod.network.openshift.io/assign-subnet"
    /// The network id of a device that is no Node.
    package static let fixedVNID = "pod.network.openshift.io/fixed-vnid-host"
}

extension ClusterPlan {
    /// One HostSubnet for each Node, with a subnet of each family of the pod network.
    mutating func planSubnets(_ snapshot: ClusterSnapshot, memory: inout AllocationMemory) {
        let ranges = usableRanges(snapshot)
        if let ranges, memory.ranges != ranges {
            memory.ranges = ranges
            memory.subnets = SubnetAllocator(ranges: ranges.pods, used: usedSubnets(snapshot))
        }
        memory.subnets.replaceUsed(usedSubnets(snapshot))
        reportUnreadable(snapshot.nodes, "its subnet stays as it is")
        reportUnreadable(snapshot.hostSubnets, "no node gets a new subnet until it is corrected")
        reportSubnets(snapshot, ranges)
        // A subnet that we cannot read may be any subnet.
        let givesNew = ranges != nil && snapshot.hostSubnets.unreadable.isEmpty
        planHostSubnetsWithoutNode(snapshot, ranges: givesNew ? ranges : nil, memory: &memory)
        for node in snapshot.nodes.sorted {
            let name = node.key.name
            guard snapshot.hostSubnets.unreadable[name] == nil else { continue }
            plan(node, existing: snapshot.hostSubnets[name], ranges, givesNew: givesNew, memory: &memory)
        }
    }

    /// The ranges, or nil with a finding when there are none or they contradict each other: then nobody gets anything
    /// new.
    private mutating func usableRanges(_ snapshot: ClusterSnapshot) -> ClusterRanges? {
        guard let network = snapshot.networks["default"] else {
            reportUnreadable(snapshot.networks, "no node gets a new subnet until it is corrected")
            if snapshot.networks.unreadable["default"] == nil {
                findings.insert(
                    Finding(
                        .waitingForClusterNetwork,
                        "there is no ClusterNetwork 'default'; create it and nodes will get their subnets"))
            }
            return nil
        }
        do {
            return try ClusterRanges(network)
        } catch {
            findings.insert(
                Finding(
                    .invalidClusterNetwork, "no node gets a new subnet: \(error)", about: ObjectReference(to: network)))
            return nil
        }
    }

    private func usedSubnets(_ snapshot: ClusterSnapshot) -> [CIDR] {
        snapshot.hostSubnets.objects.values.flatMap { $0.allSubnets.compactMap { CIDR($0) } }
    }

    /// What is wrong with the subnets that exist.
    ///
    /// They are left alone: pods may have their addresses.
    private mutating func reportSubnets(_ snapshot: ClusterSnapshot, _ ranges: ClusterRanges?) {
        var all: [(subnet: CIDR, name: String)] = []
        for hostSubnet in snapshot.hostSubnets.sorted {
            for text in hostSubnet.allSubnets where !text.isEmpty {
                guard let subnet = CIDR(text) else {
                    report(.invalidSubnet, hostSubnet, "'\(text)' is not a subnet")
                    continue
                }
                all.append((subnet, hostSubnet.key.name))
                if let ranges, !ranges.contains(subnet) {
                    report(.subnetOutsideRanges, hostSubnet, "\(subnet) is in no range of ClusterNetwork 'default'")
                }
            }
        }
        all.sort { ($0.subnet, $0.name) < ($1.subnet, $1.name) }
        // Networks are disjoint or one holds the other, and sorting puts the wider one first.
        var widest: (subnet: CIDR, name: String)?
        for entry in all {
            if let widest, widest.subnet.contains(entry.subnet), let owner = snapshot.hostSubnets[entry.name] {
                report(.subnetOverlap, owner, "\(entry.subnet) overlaps \(widest.subnet) of \(widest.name)")
            } else {
                widest = entry
            }
        }
    }

    mutating func report(_ reason: Finding.Reason, _ hostSubnet: HostSubnet, _ problem: String) {
        findings.insert(
            Finding(reason, "HostSubnet \(hostSubnet.key.name): \(problem)", about: ObjectReference(to: hostSubnet)))
    }
}
