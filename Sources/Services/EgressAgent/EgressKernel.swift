import EgressAddressModel
import FoundationEssentials
import LinkState
import LinuxSystem
import Logging
import NFTables
import NFTablesDriver
import NetworkTypes
import RoutingDriver
import Synchronization

/// What egress addresses are in one network namespace: the fence, the addresses on interfaces, what the link hears.
package final class EgressKernel: Sendable {
    private let tables = NFTablesDriver()
    private let routing: Rtnetlink
    private let logger: Logger
    /// Where it is written which addresses on which interfaces are ours: a fresh process takes off what is not held.
    private let record: String
    private let clock: EgressClock
    private let fenced = Mutex<Set<IPAddress>?>(nil)
    private let isFencing = Mutex(false)

    init(runDirectory: String, clock: EgressClock, logger: Logger) throws {
        routing = try Rtnetlink()
        record = runDirectory + "/addresses"
        self.clock = clock
        self.logger = logger
    }

    // MARK: The fence

    /// Makes the tables for the egress addresses that there are when it is its turn, which are closed until they are held.
    ///
    /// One at a time: each plans from what it finds.
    ///
    /// - Parameter anew: somebody has changed them.
    func fence(anew: Bool = false, _ addresses: @Sendable () async throws -> Set<IPAddress>) async throws {
        while isFencing.withLock({ isBusy in
            defer { isBusy = true }
            return isBusy
        }) { try await Task.sleep(for: .milliseconds(2)) }
        defer { isFencing.withLock { $0 = false } }
        let addresses = try await addresses()
        guard anew || fenced.withLock({ $0 }) != addresses else { return }
        for table in EgressFence.tables(addresses) {
            let present = try await tables.observe(table.family, table.name)
            try await tables.apply(Transaction.plan(from: present, to: table))
        }
        fenced.withLock { $0 = addresses }
    }

    /// Whether somebody else has changed the tables since they were made or since this was last asked.
    func wasChanged() throws -> Bool {
        guard fenced.withLock({ $0 != nil }) else { return false }
        return try tables.wasChangedByOthers(EgressFence.name)
    }

    /// What the tables that an earlier process made are about.
    func inherited() async throws -> Set<IPAddress> {
        guard let table = try await tables.observe(.inet, EgressFence.name) else { return [] }
        return EgressFence.addresses(of: table)
    }

    /// Lets addresses out until then, by the agent's clock, and no others.
    ///
    /// A process that was stopped between the look at the clock and the kernel's work has opened for what is past: it
    /// closes as its next step.
    func hold(_ addresses: Set<IPAddress>, until: Int64) async throws -> Set<IPAddress> {
        var left = until - clock.now
        // What a predecessor left may be open; without tables there is nothing to close.
        if fenced.withLock({ $0 }) == nil {
            for transaction in EgressFence.hold([], for: 1) where try exists(transaction.family) {
                try await tables.apply(transaction)
            }
            return []
        }
        for transaction in EgressFence.hold(left > 0 ? addresses : [], for: UInt64(max(left, 1))) {
            try await tables.apply(transaction)
        }
        left = until - clock.now
        if left > 0 || addresses.isEmpty { return addresses }
        for transaction in EgressFence.hold([], for: 1) { try await tables.apply(transaction) }
        return []
    }

    /// The packets that the fence has dropped, by the drops' names; ARP is counted beside IP.
    func drops() async throws -> [String: UInt64] {
        var drops: [String: UInt64] = [:]
        for family in [Table.Family.inet, .arp] {
            for (name, counter) in try await tables.readCounters(family, EgressFence.name) {
                drops[family == .arp ? "\(name.text)_arp" : name.text] = counter.packets
            }
        }
        return drops
    }

    private func exists(_ family: Table.Family) throws -> Bool {
        if case .absent = try tables.read(family, EgressFence.name) { return false }
        return true
    }

    // MARK: Addresses

    /// The networks of the interfaces that are not ours and no loopback, and have a carrier: behind a broken wire nobody is.
    func networks() throws -> [CIDR] {
        let running = try routing.runningLinks()
        let found = try addresses().filter { address in
            address.prefixLength < address.address.family.bitWidth && !address.address.isLinkLocal
                && running.contains(address.device)
        }
        return Set(found.compactMap { CIDR($0.address, prefixLength: $0.prefixLength) }).sorted()
    }

    private func addresses() throws -> [LinkState.Address] {
        try routing.observe(.prefix("")).addresses.filter {
            !$0.device.hasPrefix(LinkState.interfacePrefix) && !$0.address.isLoopback
        }
    }

    /// Brings the addresses onto the interfaces whose networks have them, and takes off what else is ours.
    ///
    /// Those that were not there before are returned, with their interfaces, and in words what could not be done.
    func place(_ wanted: Set<IPAddress>) throws -> (new: [(IPAddress, String)], problems: [String]) {
        let present = try addresses()
        var problems: [String] = []
        var places: [IPAddress: String] = [:]
        for address in wanted.sorted() {
            let device = present.first { place in
                place.prefixLength < place.address.family.bitWidth
                    && CIDR(place.address, prefixLength: place.prefixLength)?.contains(address) == true
            }?.device
            if let device {
                places[address] = device
            } else {
                problems.append("no interface of this node has a network with \(address)")
            }
        }
        let recorded = readRecord()
        let own = places.map { LinkState.Address($0.key, device: $0.value) }
        try write(Set(own).union(recorded))
        let stale = recorded.subtracting(own).intersection(present)
        let missing = own.filter { !present.contains($0) }
        try routing.apply(stale.map { LinkChange.removeAddress($0) })
        for address in missing { try routing.addDeprecated(address) }
        try write(Set(own))
        return (missing.map { ($0.address, $0.device) }, problems)
    }

    private func readRecord() -> Set<LinkState.Address> {
        let text = (try? String(contentsOfFile: record, encoding: .utf8)) ?? ""
        return Set(
            text.split(separator: "\n").compactMap { line in
                let parts = line.split(separator: " ")
                guard parts.count == 2, let address = IPAddress(parts[0]) else { return nil }
                return LinkState.Address(address, device: String(parts[1]))
            })
    }

    private func write(_ addresses: Set<LinkState.Address>) throws {
        let lines = addresses.map { "\($0.address) \($0.device)\n" }.sorted().joined()
        // None is as one that says nothing: a second cleanup has no directory to write to.
        guard lines != (try? String(contentsOfFile: record, encoding: .utf8)) ?? "" else { return }
        try Data(lines.utf8).write(to: URL(filePath: record), options: .atomic)
    }

    // MARK: The link

    /// Tells the link where an address is, if the fence is open for it until then.
    func announce(_ address: IPAddress, on device: String, until: Int64) throws {
        let link = try routing.observe(.named([device])).links[device]
        guard let mac = link?.mac, let index = try routing.index(of: device) else { return }
        let socket = try PacketSocket(interfaceIndex: index)
        for frame in Announcement.frames(address, at: mac) where clock.now < until { try socket.send(frame) }
    }

    /// Where each of our addresses is.
    func devices() -> [IPAddress: String] {
        Dictionary(readRecord().map { ($0.address, $0.device) }) { first, _ in first }
    }

    /// Takes everything off.
    package func removeEverything() async throws {
        _ = try place([])
        for family in [Table.Family.inet, .arp] { try await tables.deleteTable(family, EgressFence.name) }
        try? FileManager.default.removeItem(atPath: record)
    }
}

/// Milliseconds of a clock that goes on while the machine sleeps (CLOCK_BOOTTIME).
package struct EgressClock: Sendable {
    private let start = ContinuousClock.now

    package init() {}

    package var now: Int64 {
        Int64(start.duration(to: .now) / .milliseconds(1))
    }
}
