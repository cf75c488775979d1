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
    var object: (internal: Set<IPAddress>, external: Set<IPAddress>)? {
        didSet { settle() }
    }
    /// What was found on its interfaces; nil where nobody looked.
    var local: Set<IPAddress>? {
        didSet { settle() }
    }
    /// How many pods report each host address.
    private var reported: [IPAddress: Int] = [:]
    /// How many host-network pods have each address.
    private var hostNetwork: [IPAddress: Int] = [:]

    /// Host addresses that pods report count only while the node has no object of its own, and ExternalIPs only while
    /// nobody has looked whether they are on the node or on a translation in front of it.
    private(set) var addresses: Set<IPAddress> = []

    private mutating func settle() {
        addresses = Set(hostNetwork.keys).union(object?.internal ?? Set(reported.keys))
            .union(local ?? object?.external ?? [])
    }

    var isForgettable: Bool { object == nil && local == nil && reported.isEmpty && hostNetwork.isEmpty }

    /// Adds (1) or withdraws (−1) what a pod says about its node.
    mutating func count(_ pod: PodFacts, by step: Int) {
        var differs = false
        if let address = pod.hostAddress { differs = Self.count(address, by: step, in: &reported) }
        if pod.isHostNetwork, pod.endPhase == nil {
            for address in pod.addresses where Self.count(address, by: step, in: &hostNetwork) { differs = true }
        }
        // Most pods say what others have said.
        if differs { settle() }
    }

    /// True if the address is new, or gone.
    private static func count(_ address: IPAddress, by step: Int, in counts: inout [IPAddress: Int]) -> Bool {
        let before = counts[address] ?? 0
        let after = max(0, before + step)
        counts[address] = after > 0 ? after : nil
        return (before > 0) != (after > 0)
    }
}
