package import LinuxSystem
import NetworkTypes

/// A bounded load on one responder from one thread: what the benchmarks measure two networks with.
///
/// `gabion-responder load KIND ADDRESS PORT MILLISECONDS` prints how much was done, in how much time, and the latency of
/// one operation at the median and at 99 percent, in nanoseconds: `count elapsed p50 p99`.
package struct Load: Sendable {
    package enum Kind: String, Sendable, CaseIterable {
        /// Connect, read the greeting, reset; again.
        case connects
        /// One byte there and back over one connection; again.
        case roundtrips
    }

    package let kind: Kind
    package let target: SocketAddress
    package let duration: Duration

    /// Longer loads are refused.
    package static let longest = Duration.seconds(30)

    package init(arguments: ArraySlice<String>) throws(ResponderError) {
        let words = Array(arguments)
        guard words.count == 4, let kind = Kind(rawValue: words[0]), let address = IPAddress(words[1]),
            let port = UInt16(words[2]), let milliseconds = Int(words[3]), milliseconds > 0
        else { throw ResponderError("load wants: connects|roundtrips ADDRESS PORT MILLISECONDS") }
        self.kind = kind
        target = SocketAddress(address, port: port)
        duration = min(.milliseconds(milliseconds), Self.longest)
    }

    package func run() throws -> LoadReport {
        let clock = ContinuousClock()
        let start = clock.now
        let end = start.advanced(by: duration)
        var report = LoadReport()
        let stream = kind == .roundtrips ? try connect() : nil
        while clock.now < end {
            let begin = clock.now
            if let stream { try exchange(over: stream) } else { _ = try connect() }
            report.latencies.append((clock.now - begin).nanoseconds)
        }
        report.elapsed = (clock.now - start).nanoseconds
        return report
    }

    /// A connection that has shown the responder's greeting.
    private func connect() throws -> Socket {
        let socket = try Socket(.tcp, target.address.family)
        try socket.resetOnClose()
        try socket.enable(.noDelay)
        if try !socket.connect(to: target) {
            guard try Readiness.wait(socket.descriptor, for: .writable, timeout: .seconds(5)) else {
                throw SystemError("connect to", "\(target)", .timedOut)
            }
            if let error = socket.pendingError() { throw SystemError("connect to", "\(target)", error) }
        }
        _ = try answer(on: socket)
        return socket
    }

    private func exchange(over socket: Socket) throws {
        _ = try socket.send([1])
        _ = try answer(on: socket)
    }

    private func answer(on socket: Socket) throws -> [UInt8] {
        while true {
            if let bytes = try socket.receive(upTo: 256) {
                guard !bytes.isEmpty else { throw SystemError("receive from", "\(target)", .connectionReset) }
                return bytes
            }
            guard try Readiness.wait(socket.descriptor, for: .readable, timeout: .seconds(5)) else {
                throw SystemError("receive from", "\(target)", .timedOut)
            }
        }
    }
}

/// What one load did; times in nanoseconds.
package struct LoadReport: Sendable {
    package var latencies: [Int64] = []
    package var elapsed: Int64 = 0

    package var line: String {
        let sorted = latencies.sorted()
        guard !sorted.isEmpty else { return "0 \(elapsed) 0 0" }
        return "\(sorted.count) \(elapsed) \(sorted[sorted.count / 2]) \(sorted[sorted.count * 99 / 100])"
    }
}

extension Duration {
    fileprivate var nanoseconds: Int64 { components.seconds * 1_000_000_000 + components.attoseconds / 1_000_000_000 }
}
