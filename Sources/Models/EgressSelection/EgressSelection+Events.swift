package import ClusterAPI
import NetworkTypes

extension EgressSelection {
    package mutating func upsert(_ netNamespace: NetNamespace) {
        let texts = netNamespace.egressIPs ?? []
        set(.netNamespace(netNamespace.key.name), texts.isEmpty ? nil : EgressRequest(texts))
    }

    package mutating func removeNetNamespace(_ name: String) { set(.netNamespace(name), nil) }

    /// The NetNamespace exists and cannot be read: it may ask for any address, so its pods have none.
    package mutating func closeNetNamespace(_ name: String) {
        set(.netNamespace(name), EgressRequest(mistake: "the object cannot be read"))
    }

    /// One without a spec, or with a selector that nobody understands, may be about any pod, so those have no address that
    /// nobody else gives one.
    package mutating func upsert(_ egressIP: EgressIP) {
        let owner = EgressOwner.egressIP(egressIP.key.name)
        guard let spec = egressIP.spec else {
            return set(owner, .everybody, EgressRequest(mistake: "the object cannot be read: it may select any pod"))
        }
        var request = EgressRequest(spec.egressIPs)
        if let text = spec.unknownOperators.first {
            request.mistakes.append("the operator '\(text)' of a selector is unknown: it may select any pod")
            request.addresses = []
            return set(owner, .everybody, request)
        }
        set(owner, spec.scope, request)
    }

    package mutating func removeEgressIP(_ name: String) { set(.egressIP(name), nil, nil) }

    /// A zone with a way out of its own; what cannot be read of one may be about any pod.
    package mutating func upsert(_ zone: Zone) {
        let owner = EgressOwner.zone(zone.key.name)
        guard let spec = zone.spec else {
            return set(owner, .everybody, EgressRequest(mistake: "the object cannot be read: any pod may be in it"))
        }
        guard let egress = spec.egress, let members = spec.namespaceSelector else { return set(owner, nil, nil) }
        let scope = EgressScope(namespaces: members, pods: LabelSelector())
        if let text = members.unknownOperators.first {
            let mistake = "the operator '\(text)' of namespaceSelector is unknown: any pod may be in it"
            return set(owner, .everybody, EgressRequest(mistake: mistake))
        }
        set(owner, scope, EgressRequest(egress.addresses ?? [], of: "egress.addresses"))
    }

    package mutating func removeZone(_ name: String) { set(.zone(name), nil, nil) }

    package mutating func upsert(_ node: EgressNode) {
        set(node.key.name, Set(node.addresses.compactMap { IPAddress($0) }))
    }

    package mutating func removeEgressNode(_ name: String) { set(name, []) }

    package mutating func upsert(_ namespace: Namespace) {
        set(namespace.key.name, labels: namespace.metadata.labels ?? [:])
    }

    package mutating func removeNamespace(_ name: String) { set(name, labels: nil) }

    /// Pods in the host's network are the node, and those that have ended send nothing.
    package mutating func upsert(_ pod: Pod) {
        let key = pod.key
        guard !pod.isHostNetwork, !pod.hasTerminated else { return removePod(key) }
        dirtyPods.insert(key)
        pods[key] = SeenPod(labels: pod.labels, addresses: pod.addressTexts.compactMap { IPAddress($0) })
        podsByNamespace[key.namespace, default: []].insert(key)
    }

    package mutating func removePod(_ key: ObjectKey) {
        guard pods.removeValue(forKey: key) != nil else { return }
        dirtyPods.insert(key)
        podsByNamespace[key.namespace]?.remove(key)
        if podsByNamespace[key.namespace]?.isEmpty == true { podsByNamespace[key.namespace] = nil }
    }

    // MARK: What events come down to

    private mutating func set(_ owner: EgressOwner, _ request: EgressRequest?) {
        let before = requests[owner]
        guard before != request else { return }
        requests[owner] = request
        for address in before?.addresses ?? [] {
            askers[address]?.remove(owner)
            if askers[address]?.isEmpty == true { askers[address] = nil }
            dirtyAddresses.insert(address)
        }
        for address in request?.addresses ?? [] {
            askers[address, default: []].insert(owner)
            dirtyAddresses.insert(address)
        }
        dirtyPods.formUnion(podsByOwner[owner] ?? [])
        guard case .netNamespace(let name) = owner, (before == nil) != (request == nil) else { return }
        dirtyPods.formUnion(podsByNamespace[name] ?? [])
    }

    private mutating func set(_ owner: EgressOwner, _ scope: EgressScope?, _ request: EgressRequest?) {
        let before = scopes[owner]
        if before != scope {
            scopes[owner] = scope
            candidates.removeAll()
            for (namespace, labels) in namespaces
            where [before, scope].contains(where: { $0?.namespaces.matches(labels) == true }) {
                dirtyPods.formUnion(podsByNamespace[namespace] ?? [])
            }
        }
        set(owner, request)
    }

    private mutating func set(_ node: String, _ addresses: Set<IPAddress>) {
        let before = holdings[node] ?? []
        guard before != addresses else { return }
        holdings[node] = addresses.isEmpty ? nil : addresses
        for address in before.subtracting(addresses) {
            holders[address]?.remove(node)
            if holders[address]?.isEmpty == true { holders[address] = nil }
        }
        for address in addresses.subtracting(before) { holders[address, default: []].insert(node) }
        dirtyAddresses.formUnion(before.symmetricDifference(addresses))
    }

    private mutating func set(_ namespace: String, labels: [String: String]?) {
        guard namespaces[namespace] != labels else { return }
        namespaces[namespace] = labels
        candidates[namespace] = nil
        dirtyPods.formUnion(podsByNamespace[namespace] ?? [])
    }
}
