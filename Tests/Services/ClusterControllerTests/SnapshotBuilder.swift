import ClusterAPI
import ClusterController

/// Short words for the objects of the tests.
enum Given {
    static func network(_ entries: [(String, Int)] = [("10.128.0.0/14", 9)], service: String = "172.30.0.0/16")
        -> ClusterNetwork
    {
        ClusterNetwork(
            clusterNetworks: entries.map { .init(cidr: $0.0, hostSubnetLength: $0.1) }, serviceNetwork: service)
    }

    static func node(_ name: String, _ addresses: [String], podCIDRs: [String]? = nil, uid: String? = nil) -> Node {
        var metadata = ObjectMeta(name: name)
        metadata.uid = uid ?? "uid-\(name)"
        let external = NodeAddress(type: "ExternalIP", address: "203.0.113.1")
        let hostName = NodeAddress(type: "Hostname", address: name)
        return Node(
            metadata: metadata, spec: podCIDRs.map { NodeSpec(podCIDRs: $0) },
            status: NodeStatus(
                addresses: [external] + addresses.map { NodeAddress(type: "InternalIP", address: $0) } + [hostName]))
    }

    static func subnet(
        _ name: String, _ hostIPs: [String], _ subnets: [String], nodeUID: String? = nil,
        annotations: [String: String] = [:]
    ) -> HostSubnet {
        var hostSubnet = HostSubnet(host: name, hostIPs: hostIPs, subnets: subnets)
        hostSubnet.metadata.uid = "hs-\(name)"
        hostSubnet.metadata.annotations = annotations
        if let nodeUID { hostSubnet.metadata.annotations?[HostSubnetAnnotation.nodeUID] = nodeUID }
        return hostSubnet
    }

    static func namespace(_ name: String) -> Namespace { Namespace(metadata: ObjectMeta(name: name)) }
}

extension ClusterSnapshot {
    /// The snapshot after the API has done the actions.
    func applying(_ actions: [ControllerAction]) -> ClusterSnapshot {
        var next = self
        for action in actions {
            switch action {
            case .createHostSubnet(let created), .updateHostSubnet(let created): next.hostSubnets.upsert(created)
            case .deleteHostSubnet(let name, _): next.hostSubnets.remove(name)
            case .setPodCIDRs(let name, let cidrs):
                guard var node = next.nodes[name] else { continue }
                node.spec = NodeSpec(podCIDRs: cidrs)
                next.nodes.upsert(node)
            case .createNetNamespace(let created), .moveNetNamespace(let created): next.netNamespaces.upsert(created)
            case .deleteNetNamespace(let name, _): next.netNamespaces.remove(name)
            }
        }
        return next
    }

    /// Plans and applies until nothing is left to do; nil when that does not end.
    func settled(memory: inout AllocationMemory) -> ClusterSnapshot? {
        var current = self
        for _ in 0..<10 {
            let plan = ClusterPlan.make(for: current, memory: &memory)
            if plan.actions.isEmpty { return current }
            current = current.applying(plan.actions)
        }
        return nil
    }
}
