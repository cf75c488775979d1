import FlowLog
import FlowModel
import NetworkTypes
import Synchronization
import TestSupport
import Testing

/// With which egress address connections left, in the log of a node.
@Suite("Egress addresses in the flow log", .timeLimit(.minutes(1)))
struct ExitLogTests {
    @Test("a connection that the packet's report began is stored with the way that the kernel's table shows")
    func stored() async throws {
        let directory = try TemporaryDirectory()
        let kernel = FakeFlowKernel()
        kernel.state.withLock { state in
            state.packets = [FakeFlowKernel.packet("new", from: 1000)]
            var report = ConnectionReport(key: FakeFlowKernel.key(from: 1000), id: 7)
            report.mark = 0x6800_0007
            report.sentAs = report.key.source
            state.connections = [report]
        }
        var judge = FakeJudge()
        let source = FakeFlowKernel.key(from: 1000).source
        let address = try #require(IPAddress("192.0.2.7"))
        judge.known.nodes = [0x6800_0007: "two"]
        judge.known.addresses = [source: ["two": address]]
        let exit = FlowExit(node: "two", address: address)
        try await FlowLogServiceTests.withLog(kernel, judge: judge, in: directory) { client in
            try await eventually("the flow has its exit", within: .seconds(10)) {
                try await FlowLogServiceTests.flows(client).0.map(\.exit) == [exit]
            }
        }
        let store = try FlowStore(path: directory.file("flows.sqlite"))
        #expect(try store.records(FlowFilter(), limit: 10).records.map(\.exit) == [exit])
    }
}
