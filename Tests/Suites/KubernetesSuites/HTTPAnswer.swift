import LinuxSystem
import NetworkTypes

/// One question to a web server, as short as HTTP allows.
enum HTTPAnswer {
    /// The body of a page, without white space.
    static func body(
        from namespace: NamespaceReference, _ address: IPAddress, _ port: UInt16, path: String = "/"
    ) throws -> String {
        let conversation = try withNetworkNamespace(namespace) {
            let socket = try Socket(.tcp, address.family)
            if try !socket.connect(to: SocketAddress(address, port: port)) {
                guard try Readiness.wait(socket.descriptor, for: .writable, timeout: .seconds(1)),
                    socket.pendingError() == nil
                else { throw SuiteFailure(description: "nobody answers at \(address) \(port)") }
            }
            return socket
        }
        try conversation.sendAll(Array("GET \(path) HTTP/1.0\r\n\r\n".utf8), within: .seconds(1))
        var bytes: [UInt8] = []
        // The server closes at the end.
        while let byte = try? conversation.receiveExactly(1, within: .seconds(1)) { bytes += byte }
        let text = String(decoding: bytes, as: UTF8.self)
        guard text.hasPrefix("HTTP/1.1 200"), let body = text.components("\r\n\r\n").last else {
            throw SuiteFailure(description: "\(address) \(port) answers \"\(text)\"")
        }
        return body.filter { !$0.isWhitespace }
    }
}

extension String {
    fileprivate func components(_ separator: String) -> [String] {
        split(separator: separator, omittingEmptySubsequences: false).map(String.init)
    }
}
