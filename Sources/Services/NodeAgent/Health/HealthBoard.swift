import Synchronization

/// What is answered at which port, for the event loops that answer.
final class HealthBoard: Sendable {
    private let answers = Mutex<[UInt16: HealthAnswer]>([:])

    func show(_ new: [UInt16: HealthAnswer]) { answers.withLock { $0 = new } }

    func answer(at port: UInt16) -> HealthAnswer? { answers.withLock { $0[port] } }
}
