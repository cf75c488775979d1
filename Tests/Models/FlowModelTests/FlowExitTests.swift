import FlowModel
import NetworkTypes
import Testing

/// With which egress address connections leave, in flow records.
@Suite struct FlowExitTests {
    private static func address(_ text: String) throws -> IPAddress { try #require(IPAddress(text)) }

    private static func connection(mark: UInt32, sentAs: String? = nil, id: UInt32 = 1) throws -> ConnectionReport {
        var report = ConnectionReport(
            key: FlowKey(
                ipProtocol: 6, source: try address("10.128.0.5"), destination: try address("203.0.113.9"),
                sourcePort: 4000, destinationPort: 443), id: id)
        report.mark = mark
        report.sentAs = try sentAs.map { try address($0) }
        return report
    }

    @Test("the mark says by which node; the address is the kernel's own translation, or of another node the ledger's")
    func exits() throws {
        var exits = FlowExits(node: "one")
        exits.nodes = [1: "one", 7: "two", 8: "three"]
        exits.addresses = [try Self.address("10.128.0.5"): ["two": try Self.address("192.0.2.7")]]
        #expect(exits.exit(of: try Self.connection(mark: 0, sentAs: "192.168.0.1")) == nil)
        #expect(
            exits.exit(of: try Self.connection(mark: 1, sentAs: "192.0.2.8"))
                == FlowExit(node: "one", address: try Self.address("192.0.2.8")))
        // Not translated yet, or no more.
        #expect(exits.exit(of: try Self.connection(mark: 1, sentAs: "10.128.0.5")) == FlowExit(node: "one"))
        #expect(
            exits.exit(of: try Self.connection(mark: 7, sentAs: "10.128.0.5"))
                == FlowExit(node: "two", address: try Self.address("192.0.2.7")))
        #expect(exits.exit(of: try Self.connection(mark: 8)) == FlowExit(node: "three"))
    }

    @Test("a flow learns its exit at the look at its connection, once, and keeps it to the end")
    func table() throws {
        var table = FlowTable()
        var connection = try Self.connection(mark: 7)
        let exit = FlowExit(node: "two", address: try Self.address("192.0.2.7"))
        let key = connection.key
        var record = FlowRecord(
            observer: "one", ipProtocol: 6, source: FlowEndpoint(address: key.source, port: 4000),
            destination: FlowEndpoint(address: key.destination, port: 443), verdict: .allowed, start: 1)
        record.source.kind = .pod
        let isIn = table.insert(record)
        #expect(isIn)
        _ = table.drain()
        connection.exit = exit
        #expect(table.update([connection], at: 2).isEmpty)
        let changes = table.drain()
        #expect(changes.amended.map(\.exit) == [exit] && changes.restaged.isEmpty)
        _ = table.update([connection], at: 3)
        #expect(table.drain().amended.isEmpty)
        // A look that no longer finds the way takes nothing away.
        connection.exit = nil
        _ = table.update([connection], at: 4)
        #expect(table.drain().amended.isEmpty)
        _ = table.update([], at: 5)
        #expect(table.drain().ended.map(\.exit) == [exit])
    }

    @Test("metrics say how many addresses of pods leave which way, where any has a way of its own")
    func metrics() {
        let none = FlowMetrics().text(node: "one", drops: [:], losses: FlowLosses())
        #expect(!none.contains("gabion_egress_pod_addresses"))
        let text = FlowMetrics().text(
            node: "one", drops: [:], losses: FlowLosses(), ways: ["closed": 2, "through": 1])
        #expect(text.contains("gabion_egress_pod_addresses{node=\"one\",way=\"closed\"} 2\n"))
        #expect(text.contains("gabion_egress_pod_addresses{node=\"one\",way=\"through\"} 1\n"))
    }

    @Test("one that is seen first in the kernel's table, or ends before it is written, has its exit, too")
    func brief() throws {
        var table = FlowTable()
        var connection = try Self.connection(mark: 7)
        connection.exit = FlowExit(node: "two")
        let key = connection.key
        let record = FlowRecord(
            observer: "one", ipProtocol: 6, source: FlowEndpoint(address: key.source, port: 4000),
            destination: FlowEndpoint(address: key.destination, port: 443), verdict: .allowed, start: 1)
        let unknown = table.update([connection], at: 1)
        #expect(unknown == [connection])
        let isAdopted = table.adopt(record, connection, at: 1)
        #expect(isAdopted)
        #expect(table.drain().begun.map(\.exit) == [FlowExit(node: "two")])
        var other = FlowTable()
        let isIn = other.insert(record)
        #expect(isIn)
        connection.isOver = true
        _ = other.update([connection], at: 2)
        let changes = other.drain()
        #expect(changes.begun.map(\.exit) == [FlowExit(node: "two")] && changes.amended.isEmpty)
    }
}
