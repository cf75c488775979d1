import Glibc

/// Threads of our own, for calls that change the thread (setns) or block for long.
package enum DedicatedThread {
    /// Runs `body` on a fresh thread and waits for it.
    package static func run<Result: Sendable>(_ body: @Sendable () throws -> Result) throws -> Result {
        try withoutActuallyEscaping(body) { body in
            let box = ResultBox<Result>()
            let thread = try start { box.result = Swift.Result { try body() } }
            pthread_join(thread, nil)
            return try box.take()
        }
    }

    /// Runs `body` on a fresh thread; the calling task waits without holding a thread of the cooperative pool.
    package static func run<Result: Sendable>(_ body: @escaping @Sendable () throws -> Result) async throws -> Result {
        try await withCheckedThrowingContinuation { continuation in
            do {
                let thread = try start { continuation.resume(with: Swift.Result { try body() }) }
                pthread_detach(thread)
            } catch {
                continuation.resume(throwing: error)
            }
        }
    }

    /// Starts a thread that must be joined or detached.
    static func start(_ body: @escaping () -> Void) throws(SystemError) -> pthread_t {
        var thread = pthread_t()
        let job = Unmanaged.passRetained(Job(body))
        let status = pthread_create(
            &thread, nil,
            { context in
                if let context { Unmanaged<Job>.fromOpaque(context).takeRetainedValue().body() }
                return nil
            }, job.toOpaque())
        guard status == 0 else {
            job.release()
            throw SystemError("start", "a thread", ErrorNumber(rawValue: status))
        }
        return thread
    }

    private final class Job {
        let body: () -> Void
        init(_ body: @escaping () -> Void) { self.body = body }
    }
}

/// Carries one result from a thread to the one that joins it.
final class ResultBox<Value>: @unchecked Sendable {
    var result: Result<Value, any Error>?

    /// The result; a thread that ended without one is an error of the system.
    func take() throws -> Value {
        guard let result else { throw SystemError("get the result of", "a thread", .noSuchProcess) }
        return try result.get()
    }
}
