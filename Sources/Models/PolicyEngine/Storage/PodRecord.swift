import ClusterAPI
import NetworkTypes

/// What a Pod object says, as far as policy cares: two objects with equal facts are the same event.
struct PodFacts: Hashable, Sendable {
    let key: ObjectKey
    var labels: [String: String]
    /// The node's name, or `@` and the host address when the pod names none; empty if neither is known.
    let node: String
    let hostAddress: IPAddress?
    let isHostNetwork: Bool
    /// Succeeded or Failed; nil while the pod lives.
    let endPhase: String?
    /// Primary first, without duplicates.
    let addresses: [IPAddress]
    let creation: String
    let namedPorts: [NamedPort: [UInt16]]

    init(_ pod: Pod) {
        key = pod.key
        labels = pod.labels
        hostAddress = pod.status?.hostIP.flatMap { IPAddress($0) }
        node = pod.spec?.nodeName ?? hostAddress.map { "@\($0)" } ?? ""
        isHostNetwork = pod.isHostNetwork
        endPhase = pod.hasTerminated ? pod.status?.phase : nil
        var addresses: [IPAddress] = []
        for text in pod.addressTexts {
            if let address = IPAddress(text), !addresses.contains(address) { addresses.append(address) }
        }
        self.addresses = addresses
        creation = pod.metadata.creationTimestamp ?? ""
        var namedPorts: [NamedPort: [UInt16]] = [:]
        for port in pod.ports {
            guard let name = port.name, let number = UInt16(exactly: port.containerPort),
                let transport = TransportProtocol(rawValue: port.protocol ?? "TCP")
            else { continue }
            namedPorts[NamedPort(name: name, transport: transport), default: []].append(number)
        }
        self.namedPorts = namedPorts.mapValues { Set($0).sorted() }
    }

    /// True for a pod that other policies can name as a peer: it lives, on an address of its own.
    var isPeer: Bool { !isHostNetwork && endPhase == nil }
}

/// A port by name and protocol, as policies and containers spell it.
struct NamedPort: Hashable, Sendable, Comparable {
    let name: String
    let transport: TransportProtocol

    static func < (left: NamedPort, right: NamedPort) -> Bool {
        (left.name, left.transport) < (right.name, right.transport)
    }
}

/// A pod with everything that is derived for it.
struct PodRecord: Sendable {
    var facts: PodFacts
    /// The addresses that are this pod's and no newer pod's; empty for pods that are no peers.
    var owned: [IPAddress] = []
    /// The selector sets that it is a member of, ascending.
    var sets: [Int] = []
    /// Its elements in sets of named ports.
    var portElements: [Int: Set<PeerPort>] = [:]
    /// The policies that select it, ascending by slot.
    var policies: [Int] = []
    /// Those of them of which it is unknown whether they do, ascending.
    var doubts: [Int] = []
    /// What was told last by `drainChanges`.
    var told = EndpointPolicy.open
}
