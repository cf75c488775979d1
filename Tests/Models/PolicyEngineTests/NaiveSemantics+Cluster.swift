import ClusterAPI
import NetworkTypes
import PolicyEngine

extension NaiveSemantics {
    /// The ends that a party may stand for, one for each of its addresses; none if no packet can involve it.
    func ends(_ party: Party) -> [End] {
        switch party {
        case .address(let address):
            if let pod = owner(of: address) { return [End(pod: pod, nodeName: nil, address: address)] }
            return [End(pod: nil, nodeName: nil, address: address)]
        case .pod(let key):
            guard let pod = pods.first(where: { $0.key == key }), !hasEnded(pod) else { return [] }
            let addresses = addresses(of: pod)
            if pod.spec?.hostNetwork == true {
                return addresses.map { End(pod: nil, nodeName: pod.spec?.nodeName, address: $0) }
            }
            if addresses.isEmpty { return [End(pod: pod, nodeName: nil, address: nil)] }
            return addresses.filter { owner(of: $0)?.key == key }.map { End(pod: pod, nodeName: nil, address: $0) }
        }
    }

    func addresses(of pod: Pod) -> [IPAddress] { (pod.status?.podIPs ?? []).compactMap { IPAddress($0.ip) } }

    func hasEnded(_ pod: Pod) -> Bool { ["Succeeded", "Failed"].contains(pod.status?.phase ?? "") }

    /// The youngest living pod with this address.
    private func owner(of address: IPAddress) -> Pod? {
        pods.filter { $0.spec?.hostNetwork != true && !hasEnded($0) && addresses(of: $0).contains(address) }
            .max {
                ($0.metadata.creationTimestamp ?? "", $0.key) < ($1.metadata.creationTimestamp ?? "", $1.key)
            }
    }

    /// Whether an end is the node that a pod runs on: by a host-network pod's node name, or by address.
    func isOwnNode(_ end: End, of pod: Pod) -> Bool {
        guard end.pod == nil, let home = pod.spec?.nodeName else { return false }
        if end.nodeName == home { return true }
        guard let address = end.address else { return false }
        let neighbours = pods.filter { $0.spec?.nodeName == home }
        let onHost = neighbours.filter { $0.spec?.hostNetwork == true && !hasEnded($0) }
        if onHost.contains(where: { addresses(of: $0).contains(address) }) { return true }
        if let node = nodes.first(where: { $0.metadata.name == home }) {
            let own = (node.status?.addresses ?? []).filter { ["InternalIP", "ExternalIP"].contains($0.type) }
            return own.contains { IPAddress($0.address) == address }
        }
        return neighbours.contains { $0.status?.hostIP.flatMap { IPAddress($0) } == address }
    }

    func blockMatches(_ block: IPBlock, _ address: IPAddress?) -> Bool {
        guard let address, contains(block.cidr, address) else { return false }
        return !(block.except ?? []).contains { contains($0, address) }
    }

    /// Compares the leading bits, one by one.
    private func contains(_ network: String, _ address: IPAddress) -> Bool {
        let parts = network.split(separator: "/")
        guard parts.count == 2, let base = IPAddress(parts[0]), let length = Int(parts[1]) else { return false }
        guard base.family == address.family else { return false }
        return (0..<length).allSatisfy { bit in
            let mask = UInt8(0x80) >> UInt8(bit % 8)
            return base.bytes[bit / 8] & mask == address.bytes[bit / 8] & mask
        }
    }

    /// Every set of labels that a namespace may have: one for a namespace that was seen.
    ///
    /// A selector asks each key on its own, so one unknown label at a time is enough.
    func possibleLabels(_ name: String) -> [[String: String]] {
        let object = namespaces.first { $0.metadata.name == name }
        var labels = object?.metadata.labels ?? [:]
        labels["kubernetes.io/metadata.name"] = name
        if object != nil || !isLive { return [labels] }
        return ["app", "tier", "env"].flatMap { key in
            ["x", "y", "z", "other", nil].map { value in
                var possible = labels
                possible[key] = value
                return possible
            }
        }
    }

    func labelsMatch(_ selector: LabelSelector?, _ labels: [String: String], unknown: Bool = false) -> Bool {
        for (key, value) in selector?.matchLabels ?? [:] where labels[key] != value { return false }
        for requirement in selector?.matchExpressions ?? [] {
            let has = labels[requirement.key]
            switch requirement.operator.rawValue {
            case "In":
                if requirement.values?.isEmpty != false, unknown { continue }
                guard let has, requirement.values?.contains(has) == true else { return false }
            case "NotIn":
                if let has, requirement.values?.contains(has) == true { return false }
            case "Exists": if has == nil { return false }
            case "DoesNotExist": if has != nil { return false }
            default: if !unknown { return false }
            }
        }
        return true
    }

    /// Whether the API would accept a selector, as far as the generator makes bad ones.
    func isSound(_ selector: LabelSelector?) -> Bool {
        (selector?.matchExpressions ?? []).allSatisfy { requirement in
            switch requirement.operator.rawValue {
            case "In", "NotIn": !(requirement.values ?? []).isEmpty
            case "Exists", "DoesNotExist": (requirement.values ?? []).isEmpty
            default: false
            }
        }
    }

    func isSound(_ peers: [NetworkPolicyPeer]?, _ ports: [NetworkPolicyPort]?) -> Bool {
        let peersAreSound = (peers ?? []).allSatisfy { peer in
            if let block = peer.ipBlock {
                return peer.podSelector == nil && peer.namespaceSelector == nil && CIDR(block.cidr) != nil
                    && (block.except ?? []).allSatisfy { CIDR($0) != nil }
            }
            if peer.podSelector == nil, peer.namespaceSelector == nil { return false }
            return isSound(peer.podSelector) && isSound(peer.namespaceSelector)
        }
        let portsAreSound = (ports ?? []).allSatisfy { entry in
            guard ["TCP", "UDP", "SCTP"].contains(entry.protocol ?? "TCP") else { return false }
            guard case .int(let first) = entry.port else { return entry.endPort == nil }
            return (1...65_535).contains(first) && (entry.endPort ?? first) >= first
        }
        return peersAreSound && portsAreSound
    }
}
