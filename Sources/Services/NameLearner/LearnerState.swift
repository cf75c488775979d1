import ClusterAPI
import EgressNames
import LinuxSystem
import Logging
import NFLogDriver
import NFTables
import NFTablesDriver
import NameLearning
import NetworkTypes

/// What the learner knows, and its hand on the sets and the journal.
struct LearnerState: ~Copyable, Sendable {
    private(set) var gate: AnswerGate
    private(set) var orders: NameOrders?
    private(set) var lost: UInt64 = 0
    /// How often answers went to pods directly, because nobody said in time that they are to pass by here.
    private(set) var lapses: UInt64 = 0
    /// What went wrong last, until it goes well.
    private(set) var problem: String?
    private var sets: NameSets
    private var journal: NameJournal
    /// What an earlier process wrote down, until there are orders to hold it against.
    private var inherited: [LearnedAddress]
    /// The sets may differ from what is known: nothing is passed that teaches until they do not.
    private var isStale = false
    private let logger: Logger

    init(_ files: NameFiles, limits: NameLimits, _ driver: NFTablesDriver, table: Name, _ logger: Logger) {
        gate = AnswerGate(limits: limits)
        sets = NameSets(driver, table: table)
        inherited = NameJournal.read(files.journal)
        journal = NameJournal(files.journal)
        self.logger = logger
    }

    var servers: Set<IPAddress> { Set(orders?.nameServers ?? []) }
    var clients: Set<IPAddress> { Set(gate.clients.keys) }

    // MARK: Orders

    mutating func obey(_ orders: NameOrders, at now: UInt64, uses: Set<NameUse>) {
        gate.obey(orders, at: now)
        sets.obey(orders)
        self.orders = orders
        if !inherited.isEmpty {
            _ = gate.names.restore(inherited, at: now, uses: uses)
            inherited = []
        }
        isStale = true
        attempt { state throws in try state.settle() }
    }

    /// Makes sets and journal say what is known; what policies mention no more, the agent forgets by itself.
    private mutating func settle() throws {
        try sets.equalize(to: gate.names)
        try write([])
        isStale = false
    }

    /// Into the journal, after what has ended.
    private mutating func write(_ news: [LearnedAddress]) throws {
        let ended = gate.names.takeEnded().map {
            LearnedLine.remove(client: $0.client, name: $0.name, address: $0.address)
        }
        guard journal.isBegun, !journal.isLong(for: gate.names.count) else {
            return try journal.begin(with: gate.names.entries)
        }
        try journal.append(ended + news.map { .add($0) })
    }

    // MARK: Packets

    /// What goes on to pods of the packets that came, when what they teach is where it belongs.
    mutating func judge(_ packets: [[UInt8]], after heard: NFLogListener.Batch, at now: UInt64) -> [[UInt8]] {
        lost += heard.lost
        for question in heard.packets { gate.hear(question.bytes, at: now) }
        let verdicts = packets.map { gate.judge($0, at: now) }
        let lessons = verdicts.flatMap(\.lessons)
        guard !lessons.isEmpty else { return verdicts.flatMap(\.passing) }
        let isDone = attempt { state throws in
            if state.isStale { try state.settle() }
            try state.sets.follow(lessons.map(\.delta).filter { !$0.isEmpty }, state.gate.names)
            try state.write(lessons.flatMap(\.news))
        }
        if isDone { return verdicts.flatMap(\.passing) }
        isStale = true
        return verdicts.flatMap { verdict in
            guard !verdict.lessons.isEmpty else { return verdict.passing }
            gate.tally.count(.kernel)
            return []
        }
    }

    // MARK: Time

    mutating func expire(at now: UInt64, uses: Set<NameUse>) {
        let delta = gate.names.expire(at: now, uses: uses)
        attempt { state throws in
            if state.isStale { return try state.settle() }
            try state.sets.follow([delta], state.gate.names)
            try state.write([])
        }
    }

    mutating func lapse() { lapses += 1 }

    mutating func tidy(at now: UInt64) { gate.tidy(at: now) }

    /// Names what failed, once for as long as it does; false then.
    @discardableResult
    private mutating func attempt(_ body: (inout LearnerState) throws -> Void) -> Bool {
        do {
            try body(&self)
            problem = nil
            return true
        } catch {
            isStale = true
            if problem != "\(error)" { logger.error("addresses cannot be entered", metadata: ["error": "\(error)"]) }
            problem = "\(error)"
            return false
        }
    }
}
