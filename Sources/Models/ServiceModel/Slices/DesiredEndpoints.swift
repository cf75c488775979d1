import ClusterAPI

/// What the Endpoints object of a service with a selector says: ports with the addresses that have them.
///
/// Old clients read it, and people with `kubectl get endpoints`; it has one family and no place for what is new in slices.
struct DesiredEndpoints: Hashable {
    /// The most addresses of one object, as in Kubernetes: it is sent whole to everybody who watches.
    static let capacity = 1_000

    private(set) var subsets: [EndpointSubset] = []
    /// True when there are more addresses than `subsets` names.
    private(set) var isTruncated = false

    private struct Member: Hashable {
        let address: EndpointAddress
        let isReady: Bool
    }

    init(of service: Service, pods: [SlicePod], nodes: [String: SliceNode]) {
        guard let type = SliceShape.addressTypes(of: service).first else { return }
        let publishes = service.spec?.publishNotReadyAddresses == true
        var members: [SlicePort?: [Member]] = [:]
        for pod in pods where publishes || !pod.isTerminating {
            guard let ip = pod.address(type, on: nodes) else { continue }
            var address = EndpointAddress(ip: ip, hostname: pod.hostname(behind: service), nodeName: pod.nodeName)
            address.targetRef = pod.reference()
            let member = Member(address: address, isReady: publishes || pod.isReady)
            for port in Self.ports(of: pod, service) { members[port, default: []].append(member) }
        }
        // Ports with the same addresses stand together.
        let groups = Dictionary(grouping: members.keys) { members[$0] ?? [] }
        subsets = groups.map(Self.subset).sorted { Self.order($0) < Self.order($1) }
        shorten()
    }

    /// A service without ports has addresses all the same, if it is headless.
    private static func ports(of pod: SlicePod, _ service: Service) -> [SlicePort?] {
        if service.spec?.ports?.isEmpty != false { return [nil] }
        return pod.ports(of: service).map { port in
            var port = port
            if port.name?.isEmpty == true { port.name = nil }
            port.protocol = port.protocol ?? "TCP"
            return port
        }
    }

    private static func subset(_ members: [Member], _ ports: [SlicePort?]) -> EndpointSubset {
        let sorted = members.sorted { $0.address.ip < $1.address.ip }
        let named = ports.compactMap(\.self).sorted { order($0) < order($1) }
        return EndpointSubset(
            addresses: list(sorted.filter(\.isReady)), notReadyAddresses: list(sorted.filter { !$0.isReady }),
            ports: named.isEmpty ? nil : named)
    }

    private static func list(_ members: [Member]) -> [EndpointAddress]? {
        members.isEmpty ? nil : members.map(\.address)
    }

    private static func order(_ port: SlicePort) -> String {
        "\(port.name ?? "") \(port.port ?? 0) \(port.protocol ?? "")"
    }

    private static func order(_ subset: EndpointSubset) -> String { subset.ports?.first.map(order) ?? "" }

    /// Leaves out what is too much: first addresses that are not ready, then of each subset its share.
    private mutating func shorten() {
        let ready = subsets.map { $0.addresses ?? [] }
        let others = subsets.map { $0.notReadyAddresses ?? [] }
        let (readyCount, otherCount) = (ready.joined().count, others.joined().count)
        guard readyCount + otherCount > Self.capacity else { return }
        isTruncated = true
        let keptReady = Self.shares(ready, min(readyCount, Self.capacity))
        let keptOthers = Self.shares(others, max(Self.capacity - readyCount, 0))
        for index in subsets.indices {
            subsets[index].addresses = keptReady[index].isEmpty ? nil : keptReady[index]
            subsets[index].notReadyAddresses = keptOthers[index].isEmpty ? nil : keptOthers[index]
        }
        subsets.removeAll { $0.addresses == nil && $0.notReadyAddresses == nil }
    }

    /// The first of each list, `limit` in all, in proportion to the lists.
    private static func shares(_ lists: [[EndpointAddress]], _ limit: Int) -> [[EndpointAddress]] {
        let total = max(lists.joined().count, 1)
        var seen = 0
        var given = 0
        return lists.map { list in
            seen += list.count
            let share = seen * limit / total - given
            given += share
            return Array(list.prefix(share))
        }
    }
}
