import ClusterAPI
import NetworkTypes

/// The names of pods by their addresses, `10-1-2-3.NAMESPACE.pod.ZONE`: only of pods that are there, so that nobody has
/// such a name in a namespace that is not his.
struct PodNames {
    /// Where a pod may be found.
    private struct Place: Hashable {
        let namespace: String
        let address: IPAddress
    }

    let domain: DomainName
    private var known: [ObjectKey: Set<IPAddress>] = [:]
    /// How many pods are at a place: those of one node's network share its address.
    private var residents: [Place: Int] = [:]
    /// Pods that nobody can read.
    private var unreadable: [String: Set<ObjectKey>] = [:]

    /// Nil if the origin is too long.
    init?(origin: DomainName) {
        guard let domain = origin.prepending("pod") else { return nil }
        self.domain = domain
    }

    /// True if it was not there before.
    mutating func enter(_ pod: Pod) -> Bool {
        let isNew = !leave(pod.key)
        // The address of a pod that has ended may be another's.
        let addresses = pod.hasTerminated ? [] : Set(pod.addressTexts.compactMap { IPAddress($0) })
        known[pod.key] = addresses
        for address in addresses { residents[Place(namespace: pod.key.namespace, address: address), default: 0] += 1 }
        return isNew
    }

    /// True if it was there.
    mutating func leave(_ key: ObjectKey) -> Bool {
        let wasUnreadable = unreadable[key.namespace]?.remove(key) != nil
        if unreadable[key.namespace]?.isEmpty == true { unreadable[key.namespace] = nil }
        guard let addresses = known.removeValue(forKey: key) else { return wasUnreadable }
        for address in addresses {
            let place = Place(namespace: key.namespace, address: address)
            residents[place] = residents[place].flatMap { $0 > 1 ? $0 - 1 : nil }
        }
        return true
    }

    /// True if it was not there before.
    mutating func doubt(_ key: ObjectKey) -> Bool {
        let isNew = !leave(key)
        unreadable[key.namespace, default: []].insert(key)
        return isNew
    }

    /// - Parameter label: an address with dashes for its dots or colons.
    func lookUp(_ label: String, in namespace: String) -> ZoneAnswer {
        guard let address = Self.address(of: label) else { return .missing }
        if residents[Place(namespace: namespace, address: address)] != nil {
            return .found(NameRecords(addresses: [address]))
        }
        return unreadable[namespace] == nil ? .missing : .unknown
    }

    private static func address(of label: String) -> IPAddress? {
        func read(_ separator: Character) -> IPAddress? {
            IPAddress(String(label.map { $0 == "-" ? separator : $0 }))
        }
        return label.contains(where: { $0 == "." || $0 == ":" }) ? nil : read(".") ?? read(":")
    }
}
