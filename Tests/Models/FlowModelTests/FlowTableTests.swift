import FlowModel
import NetworkTypes
import Testing

@Suite("Flows that go on")
struct FlowTableTests {
    static let key = FlowKey(
        ipProtocol: 6, source: IPAddress(v4: 1), destination: IPAddress(v4: 2), sourcePort: 40_000, destinationPort: 80)

    static func record(_ key: FlowKey = key, dropped: Bool = false, at time: Int64 = 0) -> FlowRecord {
        var record = FlowRecord(
            observer: "one", ipProtocol: key.ipProtocol,
            source: FlowEndpoint(address: key.source, port: key.sourcePort),
            destination: FlowEndpoint(address: key.destination, port: key.destinationPort),
            verdict: dropped ? .denied : .allowed, start: time)
        if dropped {
            record.drop = "drop_policy"
            record.chain = "deny-ingress-a"
        }
        record.forward = FlowRecord.Traffic(packets: 1, bytes: 60)
        return record
    }

    private static func denied(by chain: String) -> FlowVerdict.Deed {
        .dropped(name: "drop_policy", by: .init(isEgress: false, chain: chain, words: "words"))
    }

    private static func connection(_ id: UInt32 = 1, packets: UInt64 = 3, isOver: Bool = false) -> ConnectionReport {
        ConnectionReport(
            key: key, id: id, isOver: isOver, forward: .init(packets: packets, bytes: packets * 100),
            backward: .init(packets: packets, bytes: packets * 1000), start: 5)
    }

    @Test("a connection is counted by the kernel's table, and ends when it is closed")
    func connection() {
        var table = FlowTable()
        let seen1 = table.observe(Self.key, .passed, bytes: 60, at: 10)
        #expect(!seen1)
        let first = table.insert(Self.record(at: 10))
        #expect(first)
        #expect(table.drain().begun.map(\.id) == [1])
        #expect(table.update([Self.connection()], at: 20).isEmpty)
        let changed = table.drain().changed
        #expect(changed.map(\.forward) == [.init(packets: 3, bytes: 300)])
        #expect(changed.map(\.isCounted) == [true])
        #expect(table.update([Self.connection(packets: 9, isOver: true)], at: 30).isEmpty)
        let ended = table.drain().ended
        #expect(ended.map(\.end) == [30] && ended.map(\.backward) == [.init(packets: 9, bytes: 9000)])
        // It lingers in the kernel's table for long, and is no news.
        #expect(table.update([Self.connection(packets: 9, isOver: true)], at: 40).isEmpty)
        #expect(table.drain().isEmpty)
    }

    @Test("another staged verdict of a flow that goes on is told once, and not lost when the flow ends")
    func restaged() {
        var table = FlowTable()
        let denial = FlowRecord.Decision(allowed: false, rule: "staged")
        _ = table.insert(Self.record(at: 10))
        // Not drained yet: it begins with what was staged last.
        table.restage(Self.key, denial)
        var changes = table.drain()
        #expect(changes.begun.map(\.staged) == [denial] && changes.restaged.isEmpty)
        table.restage(Self.key, denial)
        #expect(table.drain().isEmpty)
        table.restage(Self.key, nil)
        changes = table.drain(includingChanges: false)
        #expect(changes.restaged.map(\.id) == [1] && changes.restaged.map(\.staged) == [nil])
        #expect(table.drain().restaged.isEmpty)
        table.restage(Self.key, denial)
        _ = table.update([], at: 40)
        changes = table.drain()
        #expect(changes.restaged.map(\.staged) == [denial] && changes.ended.map(\.staged) == [denial])
        table.restage(Self.key, nil)
        #expect(table.drain().isEmpty && table.keys.isEmpty)
    }

    @Test("a connection that is gone ended when something of it was last seen")
    func gone() {
        var table = FlowTable()
        _ = table.insert(Self.record(at: 10))
        _ = table.update([Self.connection()], at: 20)
        _ = table.update([Self.connection()], at: 30)
        _ = table.update([], at: 40)
        let changes = table.drain()
        #expect(changes.begun.map(\.end) == [20])
        #expect(changes.ended.isEmpty && table.count == 0)
    }

    @Test("packets of a denied flow are counted together until it is silent")
    func denied() {
        var table = FlowTable()
        _ = table.insert(Self.record(dropped: true, at: 0))
        let seen2 = table.observe(Self.key, Self.denied(by: "deny-ingress-a"), bytes: 60, at: 1_000_000)
        #expect(seen2)
        table.expire(at: 30_000_000)
        #expect(table.count == 1)
        table.expire(at: 31_000_000)
        let record = table.drain().begun
        #expect(record.map(\.forward) == [.init(packets: 2, bytes: 120)] && record.map(\.end) == [1_000_000])
    }

    @Test("the same ends judged otherwise, and a new connection between them, are flows of their own")
    func again() {
        var table = FlowTable()
        _ = table.insert(Self.record(dropped: true))
        let seen3 = table.observe(Self.key, .passed, bytes: 60, at: 5)
        #expect(!seen3)
        _ = table.insert(Self.record(at: 5))
        _ = table.update([Self.connection(1)], at: 6)
        let unknown = table.update([Self.connection(2)], at: 7)
        #expect(unknown.map(\.id) == [2])
        let adopted = table.adopt(Self.record(at: 7), Self.connection(2), at: 7)
        #expect(adopted)
        // Its report comes late, and is not another connection.
        let seen4 = table.observe(Self.key, .passed, bytes: 60, at: 8)
        #expect(seen4)
        let seen5 = table.observe(Self.key, .passed, bytes: 60, at: 9)
        #expect(!seen5)
        let begun = table.drain().begun
        #expect(begun.map(\.id) == [1, 2, 3] && begun.map(\.verdict) == [.denied, .allowed, .allowed])
        #expect(begun[2].start == 5 && begun[2].isCounted)
    }

    @Test("a denied flow that goes on and is denied by another rule, or dropped for another reason, is another flow")
    func deniedByAnother() {
        var table = FlowTable()
        _ = table.insert(Self.record(dropped: true, at: 0))
        let others: [FlowVerdict.Deed] = [
            Self.denied(by: "deny-ingress-b"), Self.denied(by: "deny-egress-a"),
            .dropped(name: "drop_closed", by: nil),
        ]
        for deed in others {
            var copy = table
            let seen = copy.observe(Self.key, deed, bytes: 60, at: 5)
            #expect(!seen)
            #expect(copy.drain().begun.map(\.end) == [0])
        }
    }

    @Test("there is no more than the capacity")
    func capacity() {
        var limits = FlowTable.Limits()
        limits.capacity = 2
        limits.adoptions = 3
        var table = FlowTable(limits: limits)
        let keys = (0..<5).map { number in
            FlowKey(ipProtocol: 17, source: IPAddress(v4: number), destination: IPAddress(v4: 9))
        }
        let taken = keys.map { table.insert(Self.record($0)) }
        #expect(taken == [true, true, false, false, false])
        let reports = keys.enumerated().map { ConnectionReport(key: $0.element, id: UInt32($0.offset)) }
        #expect(table.update(reports, at: 1).count == 3)
    }

    @Test("flows of an earlier agent go on, or are over")
    func resumed() {
        var open = Self.record(at: 1)
        open.id = 7
        var gone = open
        gone.id = 6
        gone.last = 3
        let other = FlowKey(ipProtocol: 6, source: IPAddress(v4: 3), destination: IPAddress(v4: 4))
        var third = Self.record(other, at: 2)
        third.id = 8
        var table = FlowTable(nextID: 9, resuming: [open, gone, third])
        _ = table.update([Self.connection()], at: 50)
        let changes = table.drain()
        #expect(changes.changed.map(\.id) == [7] && changes.begun.isEmpty)
        #expect(changes.ended.map(\.id) == [6, 8] && changes.ended.map(\.end) == [3, 2])
    }
}
