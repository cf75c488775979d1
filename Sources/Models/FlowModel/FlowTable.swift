/// The flows that go on, with what was seen of them; what began, changed and ended is taken out by `drain`.
///
/// Bounded: what is beyond the capacity is refused. Times are microseconds since 1970, and arguments.
package struct FlowTable: Sendable {
    package struct Limits: Hashable, Sendable {
        package var capacity = 32_768
        /// A denied flow is over when nothing of it came for so long.
        package var silence: Int64 = 30_000_000
        /// So many connections that nobody reported are taken over at one look at the kernel's table.
        package var adoptions = 256

        package init() {}
    }

    struct Entry {
        var record: FlowRecord
        /// The kernel's number of the connection, once seen.
        var connection: UInt32?
        /// True while the first packet's report may still come: the connection was seen first.
        var awaitsReport = false
        var isFresh = true
        var isChanged = false
        /// True while the staged verdict is another than the one that was drained.
        var isRestaged = false
        /// True while something is known of it that was not when it was drained.
        var isAmended = false
    }

    let limits: Limits
    var flows: [FlowKey: Entry] = [:]
    /// Flows that are fresh or changed, so that `drain` looks at no others.
    var touched: Set<FlowKey> = []
    var ended: [FlowRecord] = []
    private var restaged: [FlowRecord] = []
    private var amended: [FlowRecord] = []
    /// Those that ended before they were ever drained.
    private var brief: [FlowRecord] = []
    private var nextID: Int64

    /// - Parameters:
    ///   - nextID: the first record's.
    ///   - open: records of an earlier agent that had not ended: they go on if the kernel still knows them.
    package init(limits: Limits = Limits(), nextID: Int64 = 1, resuming open: [FlowRecord] = []) {
        self.limits = limits
        self.nextID = nextID
        for record in open.sorted(by: { $0.id < $1.id }) {
            if var older = flows[record.key]?.record {
                older.end = older.last
                ended.append(older)
            }
            flows[record.key] = Entry(record: record, isFresh: false)
        }
    }

    package var count: Int { flows.count }

    package func contains(_ key: FlowKey) -> Bool { flows[key] != nil }

    /// Counts a packet in if its flow is known; false if it begins a flow, which is then to be inserted.
    ///
    /// A packet that was dropped by another rule than the flow's first begins a flow.
    package mutating func observe(_ key: FlowKey, _ deed: FlowVerdict.Deed, bytes: Int, at time: Int64) -> Bool {
        guard let entry = flows[key] else { return false }
        if deed != .passed, deed.isThat(of: entry.record) {
            flows[key]?.record.forward.packets += 1
            flows[key]?.record.forward.bytes += UInt64(clamping: bytes)
            flows[key]?.record.last = max(entry.record.last, time)
            flows[key]?.isChanged = true
            touched.insert(key)
            return true
        }
        if deed == .passed, entry.record.drop == nil, entry.awaitsReport {
            flows[key]?.awaitsReport = false
            return true
        }
        // The same ends again: judged otherwise than before, or a new connection.
        finish(key)
        return false
    }

    /// Takes a new flow in and gives it its id; false when there is no room.
    package mutating func insert(_ record: FlowRecord) -> Bool {
        insert(record, connection: nil, awaitsReport: false)
    }

    mutating func insert(_ record: FlowRecord, connection: UInt32?, awaitsReport: Bool) -> Bool {
        guard flows.count < limits.capacity else { return false }
        finish(record.key)
        var record = record
        record.id = nextID
        nextID += 1
        flows[record.key] = Entry(record: record, connection: connection, awaitsReport: awaitsReport)
        touched.insert(record.key)
        return true
    }

    /// The flows that go on.
    package var keys: [FlowKey] { Array(flows.keys) }

    /// Gives a flow that goes on another staged verdict.
    package mutating func restage(_ key: FlowKey, _ staged: FlowRecord.Decision?) {
        guard let record = flows[key]?.record, record.staged != staged, record.isJudgedByPolicies else {
            return
        }
        flows[key]?.record.staged = staged
        flows[key]?.isRestaged = true
        touched.insert(key)
    }

    /// Ends denied flows of which nothing came for long.
    package mutating func expire(at time: Int64) {
        for (key, entry) in flows where entry.record.drop != nil && entry.record.last + limits.silence <= time {
            finish(key)
        }
    }

    mutating func finish(_ key: FlowKey) {
        guard var entry = flows.removeValue(forKey: key) else { return }
        entry.record.end = entry.record.last
        if entry.isRestaged, !entry.isFresh { restaged.append(entry.record) }
        if entry.isAmended, !entry.isFresh { amended.append(entry.record) }
        if entry.isFresh { brief.append(entry.record) } else { ended.append(entry.record) }
    }

    /// What happened since the last call; each flow is in one of the lists, but for `restaged` and `amended`.
    package struct Changes: Sendable {
        /// One that has ended already has its end.
        package var begun: [FlowRecord] = []
        package var changed: [FlowRecord] = []
        /// Those whose staged verdict is another; they may be in one of the lists above or below, too.
        package var restaged: [FlowRecord] = []
        /// Those of which more is known than when they began; likewise.
        package var amended: [FlowRecord] = []
        package var ended: [FlowRecord] = []

        package init() {}

        package var isEmpty: Bool {
            begun.isEmpty && changed.isEmpty && restaged.isEmpty && amended.isEmpty && ended.isEmpty
        }
    }

    /// - Parameter includingChanges: false leaves flows that merely go on for a later call.
    package mutating func drain(includingChanges: Bool = true) -> Changes {
        var changes = Changes()
        for key in touched {
            guard let entry = flows[key] else { continue }
            if entry.isRestaged, !entry.isFresh { changes.restaged.append(entry.record) }
            if entry.isAmended, !entry.isFresh { changes.amended.append(entry.record) }
            flows[key]?.isRestaged = false
            flows[key]?.isAmended = false
            guard entry.isFresh || includingChanges else { continue }
            if entry.isFresh { changes.begun.append(entry.record) } else { changes.changed.append(entry.record) }
            flows[key]?.isFresh = false
            flows[key]?.isChanged = false
        }
        touched = includingChanges ? [] : touched.filter { flows[$0]?.isChanged == true }
        changes.begun += brief
        brief = []
        changes.begun.sort { $0.id < $1.id }
        changes.changed.sort { $0.id < $1.id }
        changes.restaged = (changes.restaged + restaged).sorted { $0.id < $1.id }
        restaged = []
        changes.amended = (changes.amended + amended).sorted { $0.id < $1.id }
        amended = []
        changes.ended = ended.sorted { $0.id < $1.id }
        ended = []
        return changes
    }
}
