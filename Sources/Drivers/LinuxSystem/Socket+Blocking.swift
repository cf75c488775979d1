/// Whole messages with a deadline, for programs with one connection and one thread.
extension Socket {
    /// Sends everything; `ETIMEDOUT` when it is not done within `timeout`.
    package func sendAll(_ bytes: [UInt8], within timeout: Duration) throws(SystemError) {
        let end = ContinuousClock.now.advanced(by: timeout)
        var rest = bytes[...]
        while !rest.isEmpty {
            if let count = try send(rest) {
                rest = rest.dropFirst(count)
            } else {
                try waitUntil(end, .writable, "send on")
            }
        }
    }

    /// Exactly `count` bytes; `ETIMEDOUT` when they have not come within `timeout`, `ECONNRESET` when the stream ends early.
    package func receiveExactly(_ count: Int, within timeout: Duration) throws(SystemError) -> [UInt8] {
        let end = ContinuousClock.now.advanced(by: timeout)
        var all: [UInt8] = []
        all.reserveCapacity(min(count, 1 << 20))
        while all.count < count {
            guard let chunk = try receive(upTo: min(count - all.count, 65536)) else {
                try waitUntil(end, .readable, "receive on")
                continue
            }
            if chunk.isEmpty {
                throw SystemError("receive \(count) bytes on", "descriptor \(descriptor)", .connectionReset)
            }
            all += chunk
        }
        return all
    }

    /// Everything until the other end closes; `ETIMEDOUT` when it has not within `timeout`, `ENOBUFS` beyond `limit` bytes.
    package func receiveToEnd(limit: Int, within timeout: Duration) throws(SystemError) -> [UInt8] {
        let end = ContinuousClock.now.advanced(by: timeout)
        var all: [UInt8] = []
        while true {
            guard let chunk = try receive() else {
                try waitUntil(end, .readable, "receive on")
                continue
            }
            if chunk.isEmpty { return all }
            all += chunk
            if all.count > limit { throw SystemError("receive so much on", "descriptor \(descriptor)", .noBufferSpace) }
        }
    }

    private func waitUntil(
        _ end: ContinuousClock.Instant, _ interest: Readiness.Interest, _ operation: String
    ) throws(SystemError) {
        let rest = max(.zero, ContinuousClock.now.duration(to: end))
        guard try Readiness.wait(descriptor, for: interest, timeout: rest) else {
            throw SystemError(operation, "descriptor \(descriptor)", .timedOut)
        }
    }
}
