import KubernetesClient
import Logging
import Synchronization
import TestSupport
import Testing

@testable import ClusterController
@testable import KubernetesClient

/// Whether the statuses of a round are tried again.
@Suite struct StatusRoundTests {
    private static func refused(_ code: Int) -> KubernetesError {
        .refused(APIFailure(method: "PATCH", path: "/zones/z/status", status: Status(code: code), retryAfter: nil))
    }

    /// What becomes of one write after the other, and whether all is done.
    static let rounds: [([Int?], Bool)] = [
        ([], true), ([nil, nil], true), ([404], true), ([nil, 404, nil], true), ([500], false), ([500, nil], false),
        // One that is gone says nothing about the one before it.
        ([500, 404], false), ([403, nil, 404], false), ([404, 409], false),
    ]

    @Test("one that was not written is tried again, though a later one is written or gone", arguments: rounds)
    func isDone(codes: [Int?], isDone: Bool) async {
        var round = StatusRound(logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        var attempts = 0
        for code in codes {
            await round.write("Zone z") {
                attempts += 1
                if let code { throw Self.refused(code) }
            }
        }
        #expect(round.isDone == isDone && attempts == codes.count)
    }

    private final class Answers: Sendable {
        let count = Mutex(0)
    }

    @Test("a bell that was not answered in full rings again by itself, and one that was does not")
    func bell() async throws {
        let bell = StatusBell(pause: .milliseconds(5), retry: .milliseconds(20))
        let answers = Answers()
        bell.ring()
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                await bell.answer {
                    answers.count.withLock { count in
                        count += 1
                        return count >= 3
                    }
                }
            }
            try await eventually("all is written") { answers.count.withLock { $0 == 3 } }
            try await Task.sleep(for: .milliseconds(200))
            group.cancelAll()
        }
        #expect(answers.count.withLock { $0 } == 3)
    }
}
