import ClusterAPI
import NetworkTypes

/// What a Node object says, as far as selectors of nodes care.
struct NodeFacts: Hashable, Sendable {
    let labels: [String: String]
    /// All of `status.addresses` that are addresses.
    let addresses: Set<IPAddress>

    init(_ node: Node) {
        labels = node.metadata.labels ?? [:]
        addresses = Set((node.status?.addresses ?? []).compactMap { IPAddress($0.address) })
    }
}

/// What is known of one node's addresses, from its object and from its pods.
struct NodeRecord: Sendable {
    /// What its object says; nil without a Node object.
    var object: (internal: Set<IPAddress>, external: Set<IPAddress>)?
    /// What was found on its interfaces; nil where nobody looked.
    var local: Set<IPAddress>?
    /// How many pods report each host address.
    private var reported: [IPAddress: Int] = [:]
    /// How many host-network pods have each address.
    private var hostNetwork: [IPAddress: Int] = [:]

    /// Host addresses that pods report count only while the node has no object of its own, and ExternalIPs only while
    /// nobody has looked whether they are on the node or on a translation in front of it.
    var addresses: Set<IPAddress> {
        Set(hostNetwork.keys).union(object?.internal ?? Set(reported.keys)).union(local ?? object?.external ?? [])
    }

    var isForgettable: Bool { object == nil && local == nil && reported.isEmpty && hostNetwork.isEmpty }

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
