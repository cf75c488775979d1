import LinuxSystem
import NetworkTypes
import Testing

/// Datagrams from one source port, to the kernel one connection for as long as the test sends.
struct DatagramFlow {
    private let socket: Socket

    init(from namespace: NamespaceReference, to address: String, _ port: UInt16) throws {
        let address = try #require(IPAddress(address))
        socket = try withNetworkNamespace(namespace) {
            let socket = try Socket(.udp, address.family)
            _ = try socket.connect(to: SocketAddress(address, port: port))
            return socket
        }
    }

    func ask() throws -> String {
        _ = try socket.send(Array("?".utf8))
        return try ServiceNode.answer(socket)
    }
}
