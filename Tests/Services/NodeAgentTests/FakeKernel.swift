import ConntrackDriver
import DatapathCompiler
import LinkState
import NFTables
import NetworkTypes
import NodeAgent
import Synchronization

/// A kernel in memory, with the same contract: transactions are all or nothing and must fit what is there.
final class FakeKernel: DatapathKernel {
    struct State {
        var tables: [String: Table] = [:]
        var links = LinkState()
        var connections: [ConntrackEntry] = []
        var localAddresses: Set<IPAddress> = []
        var transactions = 0
        /// The `inet` table after each of its transactions.
        var history: [Table] = []
        var observations = 0
        /// How long it takes to read a table, and how many are being read.
        var readingTime = Duration.zero
        var readings = 0
        var wasChangedByOthers = false
        /// How long a table takes to be changed, whether one is being, and whether connections were ended meanwhile.
        var applyingTime = Duration.zero
        var isApplying = false
        var endedEarly = false
        /// Refuses that many changes of tables.
        var refusals = 0
        /// Changes that name one of these interfaces fail.
        var brokenInterfaces: Set<String> = []
    }

    let state = Mutex(State())

    struct Refusal: Error, CustomStringConvertible {
        let description: String
    }

    func transaction(to desired: Table) async throws -> Transaction {
        let (plan, readingTime) = state.withLock {
            $0.observations += 1
            $0.readings += 1
            return (Transaction.plan(from: $0.tables[desired.family.rawValue], to: desired), $0.readingTime)
        }
        defer { state.withLock { $0.readings -= 1 } }
        if readingTime > .zero { try await Task.sleep(for: readingTime) }
        return plan
    }

    func linkChanges(to desired: LinkState) async throws -> [LinkChange] {
        state.withLock { LinkState.plan(from: $0.links, to: desired) }
    }

    func apply(_ transaction: Transaction) async throws {
        let time = state.withLock { state in
            state.isApplying = true
            return state.applyingTime
        }
        defer { state.withLock { $0.isApplying = false } }
        if time > .zero { try await Task.sleep(for: time) }
        try state.withLock { state in
            if state.refusals > 0 {
                state.refusals -= 1
                throw Refusal(description: "no memory")
            }
            let family = transaction.family.rawValue
            var table = state.tables[family]
            for operation in transaction.operations { try Self.apply(operation, to: &table, transaction) }
            state.tables[family] = table
            state.transactions += 1
            if family == "inet", let table { state.history.append(table) }
        }
    }

    private static func apply(
        _ operation: Transaction.Operation, to table: inout Table?, _ transaction: Transaction
    ) throws {
        if case .addTable = operation {
            table = table ?? Table(transaction.family, transaction.table)
            return
        }
        guard var changed = table else { throw Refusal(description: "there is no table") }
        switch operation {
        case .addCounter(let name): changed.counters.insert(name)
        case .addChain(let name, let base):
            changed.chains[name, default: Chain()].base = base
        case .flushChain(let name): changed.chains[name]?.rules = []
        case .deleteChain(let name): changed.chains[name] = nil
        case .addRule(let chain, let rule): changed.chains[chain]?.rules.append(rule)
        case .addSet(let name, let definition):
            if definition.data == nil {
                changed.sets[name] = NamedSet(definition: definition)
            } else {
                changed.maps[name] = NamedMap(definition: definition)
            }
        case .deleteSet(let name, _):
            changed.sets[name] = nil
            changed.maps[name] = nil
        case .addElements(let name, _, let elements):
            guard changed.sets[name] != nil || changed.maps[name] != nil else {
                throw Refusal(description: "there is no set \(name)")
            }
            for element in elements {
                if let value = element.value { changed.maps[name]?.elements[element.key] = value }
                changed.sets[name]?.elements.insert(element.key)
            }
        case .deleteElements(let name, _, let elements):
            for element in elements {
                let found = changed.sets[name]?.elements.remove(element.key) != nil
                guard changed.maps[name]?.elements.removeValue(forKey: element.key) != nil || found else {
                    throw Refusal(description: "\(name) has no \(element.key)")
                }
            }
        default: throw Refusal(description: "unexpected \(operation)")
        }
        table = changed
    }

    func apply(_ changes: [LinkChange]) async -> [LinkFailure] {
        state.withLock { state in
            changes.compactMap { change in
                if state.brokenInterfaces.contains(where: { "\(change)".contains($0) }) {
                    return LinkFailure(what: "\(change)", reason: "no such device")
                }
                Self.apply(change, to: &state.links)
                return nil
            }
        }
    }

    private static func apply(_ change: LinkChange, to links: inout LinkState) {
        switch change {
        case .createLink(let link), .changeLink(_, let link): links.add(link)
        case .deleteLink(let link): links.links[link.name] = nil
        case .set(let path, let value): links.settings[path] = value
        case .addAddress(let address): links.addresses.insert(address)
        case .removeAddress(let address): links.addresses.remove(address)
        case .addRoute(let route): links.routes.insert(route)
        case .replaceRoute(let old, let route):
            links.routes.remove(old)
            links.routes.insert(route)
        case .removeRoute(let route): links.routes.remove(route)
        case .addRule(let rule): links.rules.insert(rule)
        case .removeRule(let rule): links.rules.remove(rule)
        case .putNeighbour(let neighbour):
            links.neighbours = links.neighbours.filter {
                $0.device != neighbour.device || $0.address != neighbour.address
            }
            links.neighbours.insert(neighbour)
        case .removeNeighbour(let neighbour): links.neighbours.remove(neighbour)
        case .putForwarding(let entry): links.forwarding.insert(entry)
        case .removeForwarding(let entry): links.forwarding.remove(entry)
        case .putShaper(let shaper):
            links.shapers = links.shapers.filter { $0.device != shaper.device }
            links.shapers.insert(shaper)
        case .removeShaper(let shaper): links.shapers.remove(shaper)
        case .addRedirect(let redirect): links.redirects.insert(redirect)
        case .removeRedirect(let redirect): links.redirects.remove(redirect)
        }
    }

    func wasChangedByOthers() async throws -> Bool {
        state.withLock { state in
            defer { state.wasChangedByOthers = false }
            return state.wasChangedByOthers
        }
    }

    func drops() async throws -> [String: DropCount] { [:] }

    func connections(of transport: TransportProtocol?) async throws -> [ConntrackEntry] {
        state.withLock { state in
            state.connections.filter { transport == nil || $0.transport == transport }
        }
    }

    func end(_ connections: [ConntrackEntry]) async throws -> Int {
        state.withLock { state in
            let before = state.connections.count
            state.endedEarly = state.endedEarly || state.isApplying
            state.connections.removeAll(where: connections.contains)
            return before - state.connections.count
        }
    }

    func localAddresses() async throws -> Set<IPAddress> { state.withLock { $0.localAddresses } }

    func underlayMTU(endpoint: IPAddress, interface: String?) async throws -> Int? { 1400 }

    func removeEverything() async throws { state.withLock { $0 = State() } }

    /// True if the kernel holds exactly this.
    func holds(_ datapath: Datapath) -> Bool {
        state.withLock { state in
            state.tables["inet"] == datapath.table && state.tables["arp"] == datapath.arpTable
                && state.links == datapath.links
        }
    }
}
