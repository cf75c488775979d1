import AddressAllocation
import ClusterAPI
import NetworkTypes

/// What each key allows and all of them together do not.
extension InstallationConfiguration {
    package var faults: [InstallationFault] {
        overlaps + familyFaults + sizeFaults + mtuFaults + apiServerFaults + nameFaults + dnsFaults + imageFaults
            + failoverFaults
    }

    private typealias NamedRange = (path: [String], cidr: CIDR)

    private var podRanges: [NamedRange] {
        network.pods.enumerated().map { (["network", "pods", "\($0.offset)", "cidr"], $0.element.cidr) }
    }

    private func ranges(_ key: String, _ list: [CIDR]) -> [NamedRange] {
        list.enumerated().map { (["network", key, "\($0.offset)"], $0.element) }
    }

    private var overlaps: [InstallationFault] {
        let all = podRanges + ranges("services", network.services) + ranges("nodes", network.nodes)
        return all.indices.flatMap { index in
            all[(index + 1)...].filter { $0.cidr.overlaps(all[index].cidr) }.map { other in
                let first = InstallationFault(all[index].path, "", remedy: "").key
                return InstallationFault(
                    other.path, "\(other.cidr) overlaps \(first) \(all[index].cidr): addresses would mean two things",
                    remedy: "Choose networks that share no address, with each other or with what nodes must reach.")
            }
        }
    }

    private var familyFaults: [InstallationFault] {
        var faults: [InstallationFault] = []
        let families = Set(network.pods.map(\.cidr.family))
        if network.pods.isEmpty {
            faults.append(
                InstallationFault(
                    ["network", "pods"], "no network: pods would have no address",
                    remedy: "Write one, such as {cidr: 10.128.0.0/14, hostSubnetLength: 9}."))
        }
        if network.services.isEmpty {
            faults.append(
                InstallationFault(
                    ["network", "services"], "no network",
                    remedy: "Write kube-apiserver's --service-cluster-ip-range, such as 10.96.0.0/16."))
        }
        var seen: Set<IPAddress.Family> = []
        for range in ranges("services", network.services) {
            if !families.isEmpty, !families.contains(range.cidr.family) {
                faults.append(
                    InstallationFault(
                        range.path, "\(range.cidr): pods have no IPv\(range.cidr.family.rawValue) addresses",
                        remedy: "Leave it out, or add a network of that family to network.pods."))
            }
            if !seen.insert(range.cidr.family).inserted {
                faults.append(
                    InstallationFault(
                        range.path, "\(range.cidr) is a second one of its family",
                        remedy: "Kubernetes has one network of services for each family: keep the one that it has."))
            }
        }
        return faults
    }

    private var sizeFaults: [InstallationFault] {
        var faults: [InstallationFault] = []
        for (index, range) in network.pods.enumerated() {
            // The first address is the network's, and pods of the last minute rest: see AddressPool.
            let room = (UInt128(1) << UInt128(range.hostBits)) - 2
            guard room < UInt128(network.podsPerNode) else { continue }
            faults.append(
                InstallationFault(
                    ["network", "pods", "\(index)", "hostSubnetLength"],
                    "\(range.hostBits) bits give a node \(room) addresses, and network.podsPerNode is "
                        + "\(network.podsPerNode)",
                    remedy: "Write a larger one, or the kubelets' maxPods in network.podsPerNode."))
        }
        for family in Set(network.pods.map(\.cidr.family)).sorted(by: { $0.rawValue < $1.rawValue }) {
            let ranges = network.pods.enumerated().filter { $0.element.cidr.family == family }
            let count = ranges.reduce(UInt128(0)) { $0 + min($1.element.count, UInt128(UInt64.max)) }
            guard count < UInt128(network.maximumNodes), let first = ranges.first else { continue }
            faults.append(
                InstallationFault(
                    ["network", "pods", "\(first.offset)", "hostSubnetLength"],
                    "the IPv\(family.rawValue) networks make \(count) subnets, and network.maximumNodes is "
                        + "\(network.maximumNodes)",
                    remedy: "Write a smaller hostSubnetLength, a larger cidr, or how many nodes there will be at most.")
            )
        }
        return faults
    }

    private var mtuFaults: [InstallationFault] {
        guard let mtu = network.mtu, mtu < 1280, network.pods.contains(where: { $0.cidr.family == .v6 }) else {
            return []
        }
        return [
            InstallationFault(
                ["network", "mtu"], "\(mtu) is too small for IPv6, which needs 1280",
                remedy: "Write at least 1280, or leave it out: then it is what the nodes' interface leaves.")
        ]
    }

    private var apiServerFaults: [InstallationFault] {
        guard let address = apiServer.address else { return [] }
        let all = podRanges + ranges("services", network.services)
        return all.filter { $0.cidr.contains(address) }.map { range in
            let place = InstallationFault(range.path, "", remedy: "").key
            return InstallationFault(
                ["apiServer"], "\(address) is in \(place) \(range.cidr), which nobody reaches before the agents run",
                remedy: "Write an address of the control plane itself, or of a load balancer before it.")
        }
    }

    private var nameFaults: [InstallationFault] {
        var faults: [InstallationFault] = []
        if !ObjectNames.isLabel(namespace) {
            faults.append(
                InstallationFault(
                    ["namespace"], "\"\(namespace)\" is no name of a namespace",
                    remedy: "Write small letters, digits and dashes, such as gabion-system."))
        }
        if DomainName(names.zone).map({ !$0.isRoot }) != true {
            faults.append(
                InstallationFault(
                    ["names", "zone"], "\"\(names.zone)\" is no domain",
                    remedy: "Write the clusterDomain of the kubelets, such as cluster.local."))
        }
        if !names.servers.isEmpty, !components.contains(.names) {
            faults.append(
                InstallationFault(
                    ["names", "servers"], "nobody listens to their answers: components has no names",
                    remedy: "Add names to components, or leave this out."))
        }
        return faults
    }

    private var imageFaults: [InstallationFault] { Self.faults(["image"], image) }

    static func faults(_ path: [String], _ image: String) -> [InstallationFault] {
        guard let problem = ImageReference.problem(image) else { return [] }
        return [
            InstallationFault(
                path, "\"\(image)\" \(problem)",
                remedy: "Write registry/name:version or registry/name@sha256:DIGEST.")
        ]
    }
}
