import LinuxSystem

/// One TCP connection that gets back what it sends.
struct EchoStream {
    let socket: Socket
    private var pending: [UInt8]
    private var hasEnded = false

    /// More than this is not taken from a client that does not read.
    private static let limit = 1 << 18

    init(_ socket: Socket, greeting: [UInt8]) {
        self.socket = socket
        pending = greeting
    }

    /// Reads and writes what is possible now.
    ///
    /// Returns what to wait for next; nil when the connection is over.
    mutating func proceed(isReadable: Bool) -> Readiness.Interest? {
        do {
            if isReadable, !hasEnded, pending.count < Self.limit, let bytes = try socket.receive() {
                if bytes.isEmpty { hasEnded = true } else { pending += bytes }
            }
            while !pending.isEmpty, let count = try socket.send(pending) { pending.removeFirst(count) }
        } catch {
            return nil
        }
        if hasEnded && pending.isEmpty { return nil }
        var interest: Readiness.Interest = []
        if !hasEnded && pending.count < Self.limit { interest.insert(.readable) }
        if !pending.isEmpty { interest.insert(.writable) }
        return interest
    }
}
