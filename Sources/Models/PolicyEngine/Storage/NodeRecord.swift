import NetworkTypes

/// What is known of one node's addresses, from its object and from its pods.
struct NodeRecord: Sendable {
    /// The InternalIPs; nil without a Node object.
    var internalAddresses: Set<IPAddress>?
    /// How many pods report each host address.
    private var reported: [IPAddress: Int] = [:]
    /// How many host-network pods have each address.
    private var hostNetwork: [IPAddress: Int] = [:]

    /// Host addresses that pods report count only while the node has no object of its own.
    var addresses: Set<IPAddress> { Set(hostNetwork.keys).union(internalAddresses ?? Set(reported.keys)) }

    var isForgettable: Bool { internalAddresses == nil && reported.isEmpty && hostNetwork.isEmpty }

    /// Adds (1) or withdraws (−1) what a pod says about its node.
    mutating func count(_ pod: PodFacts, by step: Int) {
        if let address = pod.hostAddress { Self.count(address, by: step, in: &reported) }
        guard pod.isHostNetwork, pod.endPhase == nil else { return }
        for address in pod.addresses { Self.count(address, by: step, in: &hostNetwork) }
    }

    private static func count(_ address: IPAddress, by step: Int, in counts: inout [IPAddress: Int]) {
        let count = counts[address, default: 0] + step
        counts[address] = count > 0 ? count : nil
    }
}
