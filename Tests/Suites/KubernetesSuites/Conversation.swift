import LinuxSystem
import NetworkTypes
import TestSupport

/// A TCP stream to a pod's echo port, held open over what a test does to the cluster.
final class Conversation: Sendable {
    private let socket: Socket

    init(from namespace: NamespaceReference, to address: IPAddress, port: UInt16 = RealPod.echo) throws {
        let place = SocketAddress(address, port: port)
        socket = try withNetworkNamespace(namespace) {
            let socket = try Socket(.tcp, address.family)
            if try !socket.connect(to: place) {
                // The server's backlog is short: of many at once, some begin again after one and three seconds.
                guard try Readiness.wait(socket.descriptor, for: .writable, timeout: .seconds(5)),
                    socket.pendingError() == nil
                else { throw SuiteFailure(description: "cannot connect to \(place)") }
            }
            return socket
        }
    }

    /// True when the text comes back within the time.
    func echoes(_ text: String, within limit: Duration = .seconds(3)) -> Bool {
        let bytes = Array((text + "\n").utf8)
        do {
            try socket.sendAll(bytes, within: limit)
            return try socket.receiveExactly(bytes.count, within: limit) == bytes
        } catch {
            return false
        }
    }
}

/// Whether a connection from here to there is let through, by a real handshake.
func connects(
    _ source: NamespaceReference, _ address: IPAddress, _ port: UInt16 = RealPod.http,
    within limit: Duration = .milliseconds(500)
) throws -> Bool {
    try Probe.connect(from: source, to: SocketAddress(address, port: port), timeout: limit) == .connected
}
