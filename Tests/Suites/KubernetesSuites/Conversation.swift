import LinuxSystem
import NetworkTypes
import TestSupport

/// A TCP stream to a pod's echo port, held open over what a test does to the cluster.
final class Conversation: Sendable {
    private let socket: Socket

    /// Tries for ten seconds: a pod is ready before every node has heard which address it has.
    init(from namespace: NamespaceReference, to address: IPAddress, port: UInt16 = RealPod.echo) throws {
        let place = SocketAddress(address, port: port)
        let end = ContinuousClock.now + .seconds(10)
        socket = try withNetworkNamespace(namespace) {
            while ContinuousClock.now < end {
                let socket = try Socket(.tcp, address.family)
                if try socket.connect(to: place) { return socket }
                let answers = try Readiness.wait(socket.descriptor, for: .writable, timeout: .seconds(3))
                if answers, socket.pendingError() == nil { return socket }
                _ = try Readiness.wait(socket.descriptor, for: .readable, timeout: .milliseconds(200))
            }
            throw SuiteFailure(description: "cannot connect to \(place)")
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
