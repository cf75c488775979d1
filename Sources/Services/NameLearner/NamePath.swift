import FoundationEssentials
import LinkState
package import LinuxSystem
import NFTables
import NFTablesDriver
import NameLearning
package import NetworkTypes
import RoutingDriver

/// The way of answers through this process: the device's settings, the table `inet gabion-names`, rules and routes.
package struct NamePath: Sendable {
    private let tables: NFTablesDriver
    private let routing: Rtnetlink
    private let namespace: NamespaceReference

    /// Of a device without an address the kernel takes nothing where it checks where packets come from.
    private static let ownAddress = IPAddress(v4: 0xA9FE_3535)

    package init(in namespace: NamespaceReference = .current) throws {
        self.namespace = namespace
        tables = NFTablesDriver(in: namespace)
        routing = try Rtnetlink(in: namespace)
    }

    /// What is needed before answers may come: when it is done, `open` has them come.
    package func prepare(clients: Set<IPAddress>, servers: Set<IPAddress>) async throws {
        try await repairTable(clients: clients, servers: servers)
        try routing.apply(try settings())
        try routing.bringUp(NameTable.interface)
    }

    /// How long answers still pass by the device after the process stood still: longer than it is ever kept waiting, and no longer
    /// than a client waits for an answer before it asks again.
    package static let vigil: UInt64 = 5_000

    /// To be said each second: otherwise answers go to pods directly, as if nobody were here.
    package func stayAwake() throws { try tables.applyElements(NameTable.stayAwake(for: Self.vigil)) }

    /// From now on answers pass by the device.
    package func open() throws {
        let observed = try routing.observe(.named([NameTable.interface]))
        var changes: [LinkChange] = NameTable.rules.filter { !observed.rules.contains($0) }.map { .addRule($0) }
        changes += NameTable.routes.filter { !observed.routes.contains($0) }.map { .addRoute($0) }
        if let link = observed.links[NameTable.interface] {
            var wanted = link
            wanted.mtu = try longestPacket()
            if wanted.mtu != link.mtu { changes.insert(.changeLink(from: link, to: wanted), at: 0) }
        }
        try routing.apply(changes)
    }

    /// Puts right what others changed.
    package func repair(clients: Set<IPAddress>, servers: Set<IPAddress>) async throws {
        try await repairTable(clients: clients, servers: servers)
        try open()
    }

    private func repairTable(clients: Set<IPAddress>, servers: Set<IPAddress>) async throws {
        let table = NameTable.table(clients: clients, servers: servers)
        try await tables.apply(
            Transaction.plan(from: try await tables.observe(.inet, NameTable.name), to: table))
    }

    /// Whose answers pass from now on; at once, and without a moment in which those of others do not.
    package func choose(clients: Set<IPAddress>, servers: Set<IPAddress>) throws {
        var transaction = Transaction(.inet, NameTable.name)
        for (name, set) in NameTable.parties(clients: clients, servers: servers).sorted(by: { $0.key < $1.key }) {
            let present = try tables.elements(of: name, set.definition, in: NameTable.name, .inet) ?? []
            transaction.delete(present.subtracting(set.elements), from: name, set.definition)
            transaction.add(set.elements.subtracting(present), to: name, set.definition)
        }
        try tables.applyElements(transaction)
    }

    private func settings() throws -> [LinkChange] {
        let (v4, v6) = ("net/ipv4/conf/\(NameTable.interface)", "net/ipv6/conf/\(NameTable.interface)")
        let isChecked = try withNetworkNamespace(namespace) { try Sysctl.read("net/ipv4/conf/all/rp_filter") != "0" }
        // The stricter of two settings holds: 2 asks for any way back to the source, and that a default route is.
        var changes: [LinkChange] = [
            .set(path: v4 + "/rp_filter", value: isChecked ? "2" : "0"), .set(path: v4 + "/accept_local", value: "1"),
            .set(path: v4 + "/forwarding", value: "1"),
        ]
        let hasV6 = FileManager.default.fileExists(atPath: "/proc/sys/net/ipv6")
        if hasV6 {
            changes += [
                .set(path: v6 + "/addr_gen_mode", value: "1"), .set(path: v6 + "/accept_ra", value: "0"),
                .set(path: v6 + "/forwarding", value: "1"),
            ]
        }
        let address = LinkState.Address(Self.ownAddress, device: NameTable.interface)
        let observed = try routing.observe(.named([NameTable.interface]))
        if isChecked, !observed.addresses.contains(address) { changes.append(.addAddress(address)) }
        return changes
    }

    /// That of pods' interfaces: a packet that fits here fits there.
    private func longestPacket() throws -> UInt32 {
        let links = try routing.observe(.prefix("gab")).links.values
        let pods = links.filter { if case .veth = $0.kind { true } else { false } }
        return pods.compactMap(\.mtu).max() ?? 1500
    }

    /// Takes everything away; the device goes with its process.
    package func remove() async throws {
        let observed = try routing.observe(.named([NameTable.interface]))
        let rules = observed.rules.filter { NameTable.rules.contains($0) }
        let routes = observed.routes.filter { $0.table == NameTable.table }
        try routing.apply(rules.map { .removeRule($0) } + routes.map { .removeRoute($0) })
        try await tables.deleteTable(.inet, NameTable.name)
    }
}
