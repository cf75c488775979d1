import LinuxSystem
import NetworkTypes

/// UDP from one source port to a responder: to the kernel one connection for as long as the test sends.
final class DatagramConversation: Sendable {
    private let socket: Socket
    private let target: SocketAddress

    init(from namespace: NamespaceReference, to target: SocketAddress) throws {
        self.target = target
        socket = try withNetworkNamespace(namespace) { try Socket(.udp, target.address.family) }
    }

    /// True when a datagram that is sent now is answered within the time.
    func answers(within limit: Duration = .seconds(1)) throws -> Bool {
        while try socket.receive() != nil {}
        _ = try socket.send(Array("?".utf8), to: target)
        guard try Readiness.wait(socket.descriptor, for: .readable, timeout: limit) else { return false }
        return try socket.receive() != nil
    }
}
