import EgressAddressModel
import LinuxSystem
import NetworkTypes
import Synchronization

/// The datagrams between nodes: one socket at the node's own address.
final class EgressSignals: Sendable {
    private let socket: Socket
    private let isEnded = Mutex(false)
    /// What came in, with its sender; ends with `end`.
    let incoming: AsyncStream<(EgressSignal, IPAddress)>
    private let entry: AsyncStream<(EgressSignal, IPAddress)>.Continuation
    private let malformed = Mutex(0)

    init(at address: IPAddress) throws {
        socket = try Socket(.udp, address.family)
        try socket.enable(.reuseAddress)
        try socket.bind(to: SocketAddress(address, port: EgressSignal.port))
        (incoming, entry) = AsyncStream.makeStream(bufferingPolicy: .bufferingOldest(1_024))
    }

    /// How many datagrams were none of ours.
    var malformedCount: Int { malformed.withLock { $0 } }

    /// Reads until `end`.
    func read() async throws {
        try await DedicatedThread.run { [self] in
            while !isEnded.withLock({ $0 }) {
                guard try Readiness.wait(socket.descriptor, for: .readable, timeout: .milliseconds(100)) else {
                    continue
                }
                // An error that ICMP reported of what we sent is no reason to hear no more.
                while let (bytes, from) = try? socket.receiveDatagram(upTo: 512) {
                    if let signal = EgressSignal(bytes) {
                        entry.yield((signal, from.address))
                    } else {
                        malformed.withLock { $0 += 1 }
                    }
                }
            }
        }
    }

    func end() {
        isEnded.withLock { $0 = true }
        entry.finish()
    }

    /// A node that cannot be reached hears nothing, which is the point.
    func send(_ signal: EgressSignal, to address: IPAddress) {
        _ = try? socket.send(signal.bytes, to: SocketAddress(address, port: EgressSignal.port))
    }
}
