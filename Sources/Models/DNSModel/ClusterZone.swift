package import ClusterAPI
package import NetworkTypes
import ServiceModel

/// The names of a cluster's services: the zone that Kubernetes' DNS specification (1.1.0) describes.
///
/// A value. Its names depend on what exists, never on the order or number of the events that led to it; `settle` costs
/// what changed.
package struct ClusterZone: Sendable {
    /// Of the specification, as `dns-version` tells.
    package static let version = "1.1.0"

    /// `cluster.local`, mostly.
    package let origin: DomainName
    /// Counts the changes.
    package private(set) var serial: UInt32 = 1

    private let serviceDomain: DomainName
    private let versionName: DomainName
    private var catalog = ServiceCatalog()
    private var namespaces: Set<String> = []
    /// Services that are there and that nobody can read.
    private var unreadable: Set<ObjectKey> = []
    private var names: [ObjectKey: ServiceNames] = [:]
    private var records: [DomainName: NameRecords] = [:]
    private var owners: [IPAddress: Set<ObjectKey>] = [:]
    /// How many reasons there are for the name of a namespace: itself, its services and its pods.
    private var domains: [DomainName: Int] = [:]
    private var pods: PodNames

    /// Nil if the domain is too long to have names in it.
    package init?(origin: DomainName) {
        guard let serviceDomain = origin.prepending("svc"), let versionName = origin.prepending("dns-version"),
            let pods = PodNames(origin: origin)
        else { return nil }
        self.pods = pods
        self.origin = origin
        self.serviceDomain = serviceDomain
        self.versionName = versionName
    }

    // MARK: Events

    package mutating func upsertNamespace(_ name: String) {
        if namespaces.insert(name).inserted { count(name, 1) }
    }

    package mutating func removeNamespace(_ name: String) {
        if namespaces.remove(name) != nil { count(name, -1) }
    }

    package mutating func upsert(_ service: Service) {
        markReadable(service.key)
        catalog.upsert(service)
    }

    package mutating func removeService(_ key: ObjectKey) {
        markReadable(key)
        catalog.removeService(key)
    }

    /// It is there, and what is known of it no longer holds: its names are not denied, and not told.
    package mutating func markUnreadable(_ key: ObjectKey) {
        catalog.removeService(key)
        if unreadable.insert(key).inserted { count(key.namespace, 1) }
    }

    private mutating func markReadable(_ key: ObjectKey) {
        if unreadable.remove(key) != nil { count(key.namespace, -1) }
    }

    package mutating func upsert(_ slice: EndpointSlice) { catalog.upsert(slice) }
    package mutating func removeEndpointSlice(_ key: ObjectKey) { catalog.removeEndpointSlice(key) }

    package mutating func upsert(_ pod: Pod) {
        if pods.enter(pod) { count(pod.key.namespace, 1) }
    }

    package mutating func removePod(_ key: ObjectKey) {
        if pods.leave(key) { count(key.namespace, -1) }
    }

    /// It is there, at an address that nobody can read.
    package mutating func markPodUnreadable(_ key: ObjectKey) {
        if pods.doubt(key) { count(key.namespace, 1) }
    }

    /// Brings the names up to date.
    package mutating func settle() {
        let changed = catalog.takeChanged()
        for key in changed {
            forget(key)
            guard let service = catalog.services[key], let domain = serviceDomain.prepending(key.namespace),
                let new = ServiceNames(service, catalog.slices(of: key), in: domain)
            else { continue }
            names[key] = new
            records.merge(new.records) { _, new in new }
            for address in new.owners.keys { owners[address, default: []].insert(key) }
            count(key.namespace, 1)
        }
        if !changed.isEmpty { serial &+= 1 }
    }

    private mutating func forget(_ key: ObjectKey) {
        guard let old = names.removeValue(forKey: key) else { return }
        for name in old.records.keys { records[name] = nil }
        for address in old.owners.keys {
            owners[address]?.remove(key)
            if owners[address]?.isEmpty == true { owners[address] = nil }
        }
        count(key.namespace, -1)
    }

    private mutating func count(_ namespace: String, _ change: Int) {
        guard let domain = serviceDomain.prepending(namespace) else { return }
        let sum = (domains[domain] ?? 0) + change
        domains[domain] = sum == 0 ? nil : sum
    }

    // MARK: Answers

    /// What is at a name; up to date after `settle`.
    package func lookUp(_ name: DomainName) -> ZoneAnswer {
        guard name.isWithin(origin) else { return .foreign }
        if let found = records[name] { return .found(found) }
        if name == origin || name == serviceDomain || domains[name] != nil { return .found(NameRecords()) }
        if name == versionName { return .found(NameRecords(text: Self.version)) }
        if name.isWithin(pods.domain) { return podAnswer(to: name) }
        return isUncertain(name) ? .unknown : .missing
    }

    /// True for names whose truth depends on which pods there are.
    package func dependsOnPods(_ name: DomainName) -> Bool { name != pods.domain && name.isWithin(pods.domain) }

    private func podAnswer(to name: DomainName) -> ZoneAnswer {
        let rest = name.labels.dropLast(pods.domain.labels.count).map {
            String(decoding: $0, as: UTF8.self).lowercased()
        }
        switch rest.count {
        case 0: return .found(NameRecords())
        case 1:
            let isThere = serviceDomain.prepending(rest[0]).flatMap { domains[$0] } != nil
            return isThere ? .found(NameRecords()) : .missing
        case 2: return pods.lookUp(rest[0], in: rest[1])
        default: return .missing
        }
    }

    private func isUncertain(_ name: DomainName) -> Bool {
        unreadable.contains { key in
            let own = serviceDomain.prepending(key.namespace)?.prepending(key.name)
            return own.map(name.isWithin) ?? false
        }
    }

    /// The names of the services, and of the endpoints of headless services, that have an address; ascending.
    package func names(of address: IPAddress) -> [DomainName] {
        (owners[address] ?? []).sorted().compactMap { names[$0]?.owners[address] }
    }
}

/// What a zone says of a name.
package enum ZoneAnswer: Hashable, Sendable {
    /// It is outside the zone.
    case foreign
    /// There is no such name, nor any below it.
    case missing
    /// It cannot be told.
    case unknown
    case found(NameRecords)
}
