package import ConntrackDriver
import DatapathCompiler
package import LinkState
package import LinuxSystem
package import NFTables
import NFTablesDriver
package import NetworkTypes
import RoutingDriver

/// The kernel of the network namespace that the agent runs in.
package struct HostKernel: DatapathKernel {
    private let tables: NFTablesDriver
    private let routing: Rtnetlink
    private let foreignRouting: ForeignRoutingChanges
    private let conntrack: Conntrack

    package init(in namespace: NamespaceReference = .current) throws {
        tables = NFTablesDriver(in: namespace)
        routing = try Rtnetlink(in: namespace)
        foreignRouting = try ForeignRoutingChanges(beside: routing, links: [KernelNames.overlay])
        conntrack = try Conntrack(in: namespace)
    }

    @concurrent package func transaction(to desired: Table) async throws -> Transaction {
        Transaction.plan(from: try await tables.observe(desired.family, desired.name), to: desired)
    }

    @concurrent package func linkChanges(to desired: LinkState) async throws -> [LinkChange] {
        var observed = try routing.observe(.ours, settings: desired.settings.keys)
        // Pods' interfaces come and go with CNI.
        observed.links = observed.links.filter { $0.key == KernelNames.overlay || $0.value.kind == .queue }
        // The kernel's own addresses of pods' interfaces go with the link.
        observed.addresses = observed.addresses.filter { $0.device == KernelNames.overlay && !$0.address.isLinkLocal }
        return LinkState.plan(from: observed, to: desired)
    }

    @concurrent package func apply(_ transaction: Transaction) async throws { try await tables.apply(transaction) }

    @concurrent package func apply(_ changes: [LinkChange]) async -> [LinkFailure] {
        do {
            try routing.apply(try withoutGone(changes))
            return []
        } catch let error as RoutingError {
            return ([error] + error.others).map { LinkFailure(what: $0.what, reason: $0.reason) }
        } catch {
            return [LinkFailure(what: "change links and routes", reason: "\(error)")]
        }
    }

    /// Leaves out the removal of what went with its interface.
    private func withoutGone(_ changes: [LinkChange]) throws -> [LinkChange] {
        var exists: [String: Bool] = [:]
        return try changes.filter { change in
            guard let device = change.removedFrom else { return true }
            if let known = exists[device] { return known }
            let found = try routing.index(of: device) != nil
            exists[device] = found
            return found
        }
    }

    @concurrent package func wasChangedByOthers() async throws -> Bool {
        // Both are read, whatever the first says.
        let tables = try tables.wasChangedByOthers(KernelNames.table, butElementsOf: KernelNames.isOfNames)
        let routing = try foreignRouting.haveComeUp()
        return tables || routing
    }

    @concurrent package func drops() async throws -> [String: DropCount] {
        var drops: [String: DropCount] = [:]
        for family in [Table.Family.inet, .arp] {
            for (name, counter) in try await tables.readCounters(family, KernelNames.table)
            where KernelNames.Drop(rawValue: name.text) != nil {
                drops[name.text] = DropCount(packets: counter.packets, bytes: counter.bytes)
            }
        }
        return drops
    }

    @concurrent package func connections(of transport: TransportProtocol?) async throws -> [ConntrackEntry] {
        guard let transport else { return try conntrack.entries() }
        return try IPAddress.Family.allCases.flatMap { try conntrack.entries($0, of: transport) }
    }

    @concurrent package func end(_ connections: [ConntrackEntry]) async throws -> Int {
        try conntrack.delete(connections)
    }

    @concurrent package func localAddresses() async throws -> Set<IPAddress> { try routing.localAddresses() }

    @concurrent package func underlayMTU(endpoint: IPAddress, interface: String?) async throws -> Int? {
        let everything = try routing.observe(.prefix(""))
        let name = interface ?? everything.addresses.first { $0.address == endpoint }?.device
        return name.flatMap { everything.links[$0]?.mtu }.map(Int.init)
    }

    @concurrent package func removeEverything() async throws {
        for family in [Table.Family.inet, .arp] { try await tables.deleteTable(family, KernelNames.table) }
        try routing.apply(LinkState.plan(from: try routing.observe(.ours), to: LinkState()))
    }
}

extension LinkChange {
    /// The interface that something is removed from; nil for other changes.
    fileprivate var removedFrom: String? {
        switch self {
        case .removeAddress(let address): address.device
        case .removeRoute(let route): route.device
        case .removeNeighbour(let neighbour): neighbour.device
        case .removeForwarding(let entry): entry.device
        case .removeShaper(let shaper): shaper.device
        case .removeRedirect(let redirect): redirect.device
        default: nil
        }
    }
}
