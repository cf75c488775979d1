package import ClusterAPI
package import NetworkTypes

/// What one node does for the addresses of all groups that it is a member of.
package struct LocalFailover: Hashable, Sendable {
    /// This node's part in one address.
    package struct Instance: Hashable, Sendable {
        package let group: String
        package let address: IPAddress
        package let routerID: UInt8
        /// 1…254; of the nodes that are well, the one with the highest holds the address.
        package let priority: UInt8
        package let source: IPAddress
        package let peers: [IPAddress]
        /// Where the nodes speak to each other.
        package let interface: String
        /// Where the address is.
        package let addressInterface: String
        package let advertInterval: Duration
        package let preemptDelay: Int
        package let isChecked: Bool
        package let isAuthenticated: Bool
    }

    package struct OpenPort: Hashable, Sendable {
        package let address: IPAddress
        package let transport: TransportProtocol
        package let port: UInt16
    }

    package private(set) var instances: [Instance] = []
    /// What of the node itself may be reached at the addresses.
    package private(set) var openPorts: Set<OpenPort> = []
    /// By group, what only this node cannot do.
    package private(set) var problems: [String: [String]] = [:]
    package private(set) var checks: [String: FailoverHealthCheck] = [:]
    /// By group, the name of its Secret.
    package private(set) var secrets: [String: String] = [:]

    package init() {}

    /// The default of `advertIntervalMilliseconds`.
    package static let advertMilliseconds = 250
    package static let preemptSeconds = 60

    mutating func add(_ plan: FailoverGroupPlan, node: String, _ interfaces: [InterfaceAddress]) {
        guard let member = plan.members[node] else { return }
        let (name, spec) = (plan.group.key.name, plan.spec)
        let before = instances.count
        for entry in plan.addresses {
            guard let place = entry.nodes.firstIndex(of: node), let source = member.sources[entry.address.family],
                let priority = Self.priority(place: place, of: entry.nodes.count)
            else { continue }
            guard let interface = interfaces.first(where: { $0.address == source })?.interface else {
                problems[name, default: []].append("node \(node) has no interface with its address \(source)")
                continue
            }
            let network = interfaces.filter { $0.network.contains(entry.address) }
            let longest = network.max { $0.network.prefixLength < $1.network.prefixLength }
            let target = spec.interface ?? longest?.interface ?? interface
            if !interfaces.contains(where: { $0.interface == target }) {
                problems[name, default: []].append("node \(node) has no interface \(target) with an address")
                continue
            }
            instances.append(
                Instance(
                    group: name, address: entry.address, routerID: entry.routerID, priority: priority, source: source,
                    peers: entry.nodes.filter { $0 != node }.compactMap {
                        plan.members[$0]?.sources[entry.address.family]
                    }.sorted(), interface: interface, addressInterface: target,
                    advertInterval: .milliseconds(spec.advertIntervalMilliseconds ?? Self.advertMilliseconds),
                    preemptDelay: spec.preemptDelaySeconds ?? Self.preemptSeconds, isChecked: spec.healthCheck != nil,
                    isAuthenticated: spec.authSecretName != nil))
            for port in spec.ports ?? [] {
                guard let transport = TransportProtocol(parsing: port.protocol ?? "TCP"), transport.hasPorts,
                    let number = UInt16(exactly: port.port)
                else { continue }
                openPorts.insert(OpenPort(address: entry.address, transport: transport, port: number))
            }
        }
        guard instances.count > before else { return }
        checks[name] = spec.healthCheck
        secrets[name] = spec.authSecretName
    }

    /// 250 for the first, and less by equal steps: two that are next to each other must not take over in one moment.
    ///
    /// Nil for places that no priority is left for.
    static func priority(place: Int, of count: Int) -> UInt8? {
        let step = min(20, max(1, 249 / max(1, count - 1)))
        let priority = 250 - place * step
        return priority >= 1 ? UInt8(priority) : nil
    }
}
