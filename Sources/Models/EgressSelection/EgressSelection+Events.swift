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
        let name = egressIP.key.name
        guard let spec = egressIP.spec else {
            return set(name, .everybody, EgressRequest(mistake: "the object cannot be read: it may select any pod"))
        }
        var request = EgressRequest(spec.egressIPs)
        if let text = spec.unknownOperators.first {
            request.mistakes.append("the operator '\(text)' of a selector is unknown: it may select any pod")
            request.addresses = []
            return set(name, .everybody, request)
        }
        set(name, spec.scope, request)
    }

    package mutating func removeEgressIP(_ name: String) { set(name, nil, nil) }

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

    private mutating func set(_ name: String, _ scope: EgressScope?, _ request: EgressRequest?) {
        let before = scopes[name]
        if before != scope {
            scopes[name] = scope
            candidates.removeAll()
            for (namespace, labels) in namespaces
            where [before, scope].contains(where: { $0?.namespaces.matches(labels) == true }) {
                dirtyPods.formUnion(podsByNamespace[namespace] ?? [])
            }
        }
        set(.egressIP(name), request)
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
