import ClusterAPI
import FlowLog
import FlowModel
import Foundation
import NetworkTypes
import TestSupport
import Testing

@Suite("Flows on disk")
struct FlowStoreTests {
    static func record(_ id: Int64, at time: Int64, end: Int64? = nil) -> FlowRecord {
        let web = FlowEndpoint(
            address: IPAddress(v4: 1), pod: ObjectKey(namespace: "shop", name: "web-\(id % 3)"), labels: ["app": "web"])
        var record = FlowRecord(
            id: id, observer: "one", ipProtocol: 6, source: web, destination: FlowEndpoint(address: IPAddress(v4: 2)),
            verdict: id % 2 == 0 ? .allowed : .denied, start: time)
        record.end = end
        record.last = end ?? time
        record.forward = .init(packets: 3, bytes: .max)
        record.ingress = .init(allowed: true, rule: "NetworkPolicy shop/a ingress[0]")
        return record
    }

    private static func changes(begun: [FlowRecord] = [], changed: [FlowRecord] = [], ended: [FlowRecord] = [])
        -> FlowTable.Changes
    {
        var changes = FlowTable.Changes()
        changes.begun = begun
        changes.changed = changed
        changes.ended = ended
        return changes
    }

    @Test("what was written is there when another process opens the file, and only its owner reads it")
    func reopened() throws {
        let directory = try TemporaryDirectory()
        let path = directory.file("flows.sqlite")
        do {
            let store = try FlowStore(path: path)
            try store.write(Self.changes(begun: [Self.record(1, at: 5), Self.record(2, at: 6)]))
            var second = Self.record(2, at: 6, end: 9)
            second.backward.packets = 7
            second.isCounted = true
            try store.write(Self.changes(ended: [second]))
            try store.setCounters(["drop_policy": 4])
        }
        let store = try FlowStore(path: path)
        let records = try store.records(FlowFilter(), limit: 10).records
        #expect(records.map(\.id) == [1, 2])
        #expect(records[1].backward.packets == 7 && records[1].isCounted && records[1].end == 9)
        #expect(records[0].source.labels == ["app": "web"])
        // SQLite's numbers are signed.
        #expect(records[0].forward.bytes == UInt64(Int64.max))
        #expect(try store.open().map(\.id) == [1])
        #expect(try store.lastID() == 2)
        #expect(try store.counters() == ["drop_policy": 4])
        let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
        #expect(mode == 0o600)
    }

    @Test("another staged verdict of a flow is found with it, and its end as well")
    func restaged() throws {
        let directory = try TemporaryDirectory()
        let store = try FlowStore(path: directory.file("flows.sqlite"))
        try store.write(Self.changes(begun: [Self.record(2, at: 5)]))
        var changes = Self.changes(ended: [Self.record(2, at: 5, end: 9)])
        changes.restaged = [Self.record(2, at: 5)]
        changes.restaged[0].staged = .init(allowed: false, rule: "staged")
        try store.write(changes)
        let record = try #require(try store.records(FlowFilter(), limit: 10).records.first)
        #expect(record.staged?.allowed == false && record.end == 9)
        var filter = FlowFilter()
        filter.staged = .differs
        #expect(try store.records(filter, limit: 10).records.map(\.id) == [2])
    }

    @Test("a question to the store is answered as the filter itself would, the latest first to be kept")
    func queries() throws {
        let directory = try TemporaryDirectory()
        let store = try FlowStore(path: directory.file("flows.sqlite"))
        let all = (1...60).map { Self.record($0, at: $0 * 10, end: $0 % 4 == 0 ? $0 * 10 + 25 : nil) }
        try store.write(Self.changes(begun: all))
        var filters: [FlowFilter] = [FlowFilter(), FlowFilter(), FlowFilter(), FlowFilter()]
        filters[1].verdict = .denied
        filters[2].since = 300
        filters[2].until = 420
        filters[2].pods = ["shop/web-1"]
        filters[3].rule = "no such rule"
        for filter in filters {
            let answer = try store.records(filter, limit: 100)
            #expect(answer.records.map(\.id) == all.filter(filter.matches).map(\.id))
            #expect(answer.isComplete)
        }
        let few = try store.records(FlowFilter(), limit: 5)
        #expect(few.records.map(\.id) == [56, 57, 58, 59, 60] && !few.isComplete)
        #expect(try store.records(FlowFilter(), limit: 0).records.isEmpty)
    }

    @Test("the store keeps within its size and its age, and the oldest go")
    func bounds() throws {
        let directory = try TemporaryDirectory()
        let path = directory.file("flows.sqlite")
        var bounds = FlowStore.Bounds()
        bounds.size = 512 << 10
        bounds.age = .seconds(100)
        let store = try FlowStore(path: path, bounds: bounds)
        for start in stride(from: Int64(1), to: 6000, by: 500) {
            try store.write(
                Self.changes(begun: (start..<start + 500).map { Self.record($0, at: $0 * 1000, end: $0 * 1000) }))
        }
        #expect(try store.size() > bounds.size)
        try store.trim(at: 6_000_000)
        #expect(try store.size() <= bounds.size)
        let file = try FileManager.default.attributesOfItem(atPath: path)[.size] as? Int64
        #expect(try #require(file) <= bounds.size + (64 << 10))
        let kept = try store.records(FlowFilter(), limit: .max).records
        #expect(kept.count > 500 && kept.last?.id == 6000)
        // A hundred seconds after the 5900th.
        try store.trim(at: 5_900_000 + 100_000_000)
        #expect(try store.records(FlowFilter(), limit: .max).records.first?.id == 5900)
    }

    @Test("a connection that goes on after its row was trimmed is there again as soon as something of it changes")
    func trimmedWhileIdle() throws {
        let directory = try TemporaryDirectory()
        var bounds = FlowStore.Bounds()
        bounds.age = .seconds(100)
        let store = try FlowStore(path: directory.file("flows.sqlite"), bounds: bounds)
        try store.write(Self.changes(begun: [Self.record(1, at: 5), Self.record(2, at: 5)]))
        try store.trim(at: 200_000_000)
        #expect(try store.records(FlowFilter(), limit: 10).records.isEmpty)
        var first = Self.record(1, at: 5)
        first.last = 200_000_000
        let second = Self.record(2, at: 5, end: 200_000_001)
        try store.write(Self.changes(changed: [first], ended: [second]))
        #expect(try store.records(FlowFilter(), limit: 10).records == [first, second].map(Self.stored))
        first.last = 200_000_002
        try store.write(Self.changes(changed: [first]))
        #expect(try store.open() == [Self.stored(first)])
    }

    /// SQLite's numbers are signed.
    private static func stored(_ record: FlowRecord) -> FlowRecord {
        var record = record
        record.forward.bytes = UInt64(Int64.max)
        return record
    }
}
