import Foundation
import LinuxSystem
import NetworkTypes

/// A TCP stream from one namespace to a responder, held open over what a test does to the cluster.
final class EchoConversation: Sendable {
    private let socket: Socket

    init(from namespace: NamespaceReference, to address: SocketAddress) throws {
        socket = try withNetworkNamespace(namespace) {
            let socket = try Socket(.tcp, address.address.family)
            if try !socket.connect(to: address) {
                guard try Readiness.wait(socket.descriptor, for: .writable, timeout: .seconds(3)),
                    socket.pendingError() == nil
                else { throw SuiteFailure(description: "cannot connect to \(address)") }
            }
            return socket
        }
        _ = try receiveLine()
    }

    /// True when a line comes back within the time.
    func echoes(_ text: String, within limit: Duration = .seconds(3)) throws -> Bool {
        try socket.sendAll(Array((text + "\n").utf8), within: limit)
        return (try? receiveLine(within: limit)) == text
    }

    private func receiveLine(within limit: Duration = .seconds(3)) throws -> String {
        var line: [UInt8] = []
        while true {
            let byte = try socket.receiveExactly(1, within: limit)
            if byte == [10] { return String(decoding: line, as: UTF8.self) }
            line += byte
        }
    }
}
