import FlowLog
import FlowModel
import Foundation
import NetworkTypes
import Synchronization
import TestSupport
import Testing

/// Staged verdicts in the log of a node, also of flows that began before anything was staged.
@Suite("Staged verdicts in the flow log", .timeLimit(.minutes(1)))
struct StagedLogTests {
    /// Allows everything, and would deny it as soon as a test says so.
    private final class StagingJudge: FlowJudge {
        let revision = Mutex<UInt64>(0)

        func judge(_ flows: [FlowKey]) async -> [FlowVerdict.Judgement?] {
            let isStaged = revision.withLock { $0 > 0 }
            return await FakeJudge().judge(flows).map { judgement in
                var judgement = judgement
                if isStaged { judgement?.staged = .init(allowed: false, rule: "NetworkPolicy shop/next") }
                return judgement
            }
        }

        func stagedRevision() async -> UInt64 { revision.withLock { $0 } }
        func podAddresses() async -> Set<IPAddress> { await FakeJudge().podAddresses() }
        func exits() async -> FlowExits { await FakeJudge().exits() }
        func note(_ losses: FlowLosses) async {}
    }

    private final class Seen: Sendable {
        let flows = Mutex<[FlowRecord]>([])
    }

    @Test("a connection that goes on is told to followers and stored with what would become of it")
    func goesOn() async throws {
        let directory = try TemporaryDirectory()
        let kernel = FakeFlowKernel()
        kernel.state.withLock { state in
            state.packets = [FakeFlowKernel.packet("new", from: 1000)]
            state.connections = [
                ConnectionReport(
                    key: FakeFlowKernel.key(from: 1000), id: 7, forward: .init(packets: 5, bytes: 300),
                    backward: .init(packets: 4, bytes: 250))
            ]
        }
        let judge = StagingJudge()
        var differing = FlowFilter()
        differing.staged = .differs
        try await FlowLogServiceTests.withLog(kernel, judge: judge, in: directory) { client in
            try await eventually { try await FlowLogServiceTests.flows(client).0.count == 1 }
            #expect(try await FlowLogServiceTests.flows(client, differing).0.isEmpty)
            let seen = Seen()
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { [differing] in
                    try await client.ask(FlowQuery(filter: differing, follow: true)) { answer in
                        if case .flow(let flow) = answer { seen.flows.withLock { $0.append(flow) } }
                    }
                }
                try await Task.sleep(for: .milliseconds(300))
                judge.revision.withLock { $0 = 1 }
                try await eventually("the follower hears of it", within: .seconds(10)) {
                    seen.flows.withLock { $0.count == 1 }
                }
                group.cancelAll()
            }
            let flow = try #require(seen.flows.withLock { $0.first })
            #expect(flow.id == 1 && flow.end == nil && flow.verdict == .allowed)
            #expect(flow.staged == .init(allowed: false, rule: "NetworkPolicy shop/next"))
            #expect(try await FlowLogServiceTests.flows(client, differing).0.map(\.id) == [1])
        }
        // Another process reads it from the file.
        let store = try FlowStore(path: directory.file("flows.sqlite"))
        #expect(try store.records(differing, limit: 10).records.map(\.id) == [1])
    }
}
