package import AddressAllocation
package import ClusterAPI
package import NetworkTypes

/// Services and their endpoints, resolved: for every frontend, where one node sends new connections.
///
/// A value. The table depends on what exists, never on the order or number of the events that led to it; `settle` costs
/// what changed.
package struct ServiceModel: Sendable {
    package let nodeName: String
    /// Up to date after `settle`.
    package private(set) var table: [ServiceFrontend: ServiceTarget] = [:]
    /// By service, what load balancers ask this node for; up to date after `settle`.
    package private(set) var healthChecks: [ObjectKey: ServiceHealthCheck] = [:]

    private var catalog = ServiceCatalog()
    private var nodeZone: String?
    private var externalRules = ExternalIPRules([])
    /// What each service wants, and who wants a frontend: more than one is somebody's mistake.
    private var wishes: [ObjectKey: [ServiceFrontend: ServiceTarget]] = [:]
    private var claimants: [ServiceFrontend: Set<ObjectKey>] = [:]
    private var unreadable: [ObjectKey: [String]] = [:]

    package init(nodeName: String) { self.nodeName = nodeName }

    // MARK: Events

    package mutating func upsert(_ service: Service) { catalog.upsert(service) }
    package mutating func removeService(_ key: ObjectKey) { catalog.removeService(key) }
    package mutating func upsert(_ slice: EndpointSlice) { catalog.upsert(slice) }
    package mutating func removeEndpointSlice(_ key: ObjectKey) { catalog.removeEndpointSlice(key) }

    /// `topology.kubernetes.io/zone` of the node.
    package mutating func setZone(_ zone: String?) {
        guard zone != nodeZone else { return }
        nodeZone = zone
        catalog.markAllChanged()
    }

    /// What addresses from outside may be used.
    package mutating func setExternalIPRules(_ rules: ExternalIPRules) {
        externalRules = rules
        for (key, service) in catalog.services where service.hasExternalAddresses { catalog.markChanged(key) }
    }

    // MARK: Results

    /// The addresses within the cluster of a service; none for headless and unknown ones.
    package func addresses(of service: ObjectKey) -> [IPAddress] {
        (catalog.services[service]?.clusterAddressTexts ?? []).compactMap { IPAddress($0) }
    }

    /// Brings `table` up to date; returns the frontends that appeared, went or changed.
    package mutating func settle() -> Set<ServiceFrontend> {
        var touched: Set<ServiceFrontend> = []
        for key in catalog.takeChanged() { touched.formUnion(readAgain(key)) }
        var changed: Set<ServiceFrontend> = []
        for frontend in touched {
            let target = claimants[frontend].flatMap(owner).flatMap { wishes[$0]?[frontend] }
            guard table[frontend] != target else { continue }
            table[frontend] = target
            changed.insert(frontend)
        }
        return changed
    }

    /// What is wrong with services, ascending; each names the object, the reason and what follows.
    package var problems: [String] {
        let conflicts = claimants.filter { $0.value.count > 1 }.map { frontend, keys in
            let owner = owner(of: keys)
            let others = keys.filter { $0 != owner }.sorted().map(\.description).joined(separator: ", ")
            let name = owner?.description ?? ""
            return "Service \(others): \(frontend) belongs to \(name), which gets the connections"
        }
        return (conflicts + unreadable.values.joined()).sorted()
    }

    /// The oldest, of several the first by name: a choice that every node makes alike, and that no newcomer changes.
    private func owner(of claimants: Set<ObjectKey>) -> ObjectKey? {
        if claimants.count == 1 { return claimants.first }
        return claimants.min { (age(of: $0), $0) < (age(of: $1), $1) }
    }

    private func age(of service: ObjectKey) -> String { catalog.services[service]?.metadata.creationTimestamp ?? "" }

    private mutating func readAgain(_ key: ObjectKey) -> Set<ServiceFrontend> {
        let service = catalog.services[key]
        var reading = ServiceReading(
            of: service?.spec, nodeName: nodeName, nodeZone: nodeZone, rules: externalRules)
        if let service { reading.read(service, catalog.slices(of: key)) }
        let old = wishes.updateValue(reading.targets, forKey: key) ?? [:]
        if reading.targets.isEmpty { wishes[key] = nil }
        healthChecks[key] = reading.healthCheck
        unreadable[key] = reading.problems.isEmpty ? nil : reading.problems
        for frontend in old.keys where reading.targets[frontend] == nil {
            claimants[frontend]?.remove(key)
            if claimants[frontend]?.isEmpty == true { claimants[frontend] = nil }
        }
        for frontend in reading.targets.keys { claimants[frontend, default: []].insert(key) }
        return Set(old.keys).union(reading.targets.keys)
    }
}

extension Service {
    fileprivate var hasExternalAddresses: Bool {
        spec?.externalIPs?.isEmpty == false || status?.loadBalancer?.ingress?.isEmpty == false
    }
}
