import ClusterAPI

/// What a replacement means that says less than what is stored: `kubectl apply` and `replace` know nothing of what the
/// server gave.
extension ServiceRules {
    /// Takes over from `existing` what was given to the service and is still needed, and drops what the new type has no
    /// use for, unless the writer changed it too: then validation refuses it.
    static func carryOver(_ object: inout JSONValue, from existing: JSONValue) {
        guard object["spec"]?.object != nil else { return }
        var after = ServiceParts(object)
        let before = ServiceParts(existing)
        followSingleAddress(&after, before)
        if before.needsAddress {
            if after.needsAddress { keepAddresses(&after, before) } else { dropAddresses(&after, before) }
        }
        keepNodePorts(&after, before)
        if before.needsHealthPort, after.healthPort == before.healthPort || after.healthPort == nil {
            after.healthPort = after.needsHealthPort ? before.healthPort : nil
        }
        if before.hasExternalTraffic, !after.hasExternalTraffic,
            after.externalTrafficPolicy == before.externalTrafficPolicy
        {
            after["externalTrafficPolicy"] = nil
        }
        for member in ["allocateLoadBalancerNodePorts", "loadBalancerClass"]
        where before.type == "LoadBalancer" && after.type != "LoadBalancer" && after[member] == before[member] {
            after[member] = nil
        }
        object = after.object
    }

    /// A writer who changed one of `clusterIP` and `clusterIPs` alone meant both.
    private static func followSingleAddress(_ after: inout ServiceParts, _ before: ServiceParts) {
        let (one, many) = (after["clusterIP"], after["clusterIPs"])
        if one != before["clusterIP"], many == before["clusterIPs"], many != nil {
            after.clusterIPs = after.text("clusterIP").map { [$0] } ?? []
        } else if one == before["clusterIP"], many != before["clusterIPs"], many != nil {
            after.clusterIPs = after.clusterIPs
        }
    }

    private static func keepAddresses(_ after: inout ServiceParts, _ before: ServiceParts) {
        if after.clusterIPs.isEmpty { after.clusterIPs = before.clusterIPs }
        if after["clusterIPs"] == nil, after.clusterIPs.first == before.clusterIPs.first {
            after.clusterIPs = before.clusterIPs
        }
        if after.familyPolicy == nil { after.familyPolicy = before.familyPolicy }
        if after.families.isEmpty { after.families = before.families }
    }

    private static func dropAddresses(_ after: inout ServiceParts, _ before: ServiceParts) {
        if after.clusterIPs == before.clusterIPs { after.clusterIPs = [] }
        if after.families == before.families { after.families = [] }
        if after.familyPolicy == before.familyPolicy { after.familyPolicy = nil }
    }

    private static func keepNodePorts(_ after: inout ServiceParts, _ before: ServiceParts) {
        let (now, was) = (after.ports, before.ports)
        if before.needsNodePorts, after.needsNodePorts {
            let byName = Dictionary(was.map { ($0.name, $0.nodePort) }) { first, _ in first }
            var used = Set(now.compactMap(\.nodePort)).intersection(was.compactMap(\.nodePort))
            for (index, port) in now.enumerated() where port.nodePort == nil {
                guard let earlier = byName[port.name] ?? nil, used.insert(earlier).inserted else { continue }
                after.setNodePort(earlier, at: index)
            }
        } else if !after.isExternal, Set(now.map(\.nodePort)).isSubset(of: was.map(\.nodePort) + [nil]) {
            for index in now.indices { after.setNodePort(nil, at: index) }
        }
    }
}
