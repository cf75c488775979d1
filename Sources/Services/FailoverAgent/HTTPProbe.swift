import ClusterAPI
import LinuxSystem
import NetworkTypes

/// A request to the node itself.
enum HTTPProbe {
    /// True for an answer with 2xx or 3xx within the time.
    static func isWell(_ check: FailoverHTTPCheck, within timeout: Duration) async -> Bool {
        let answer = try? await DedicatedThread.run { try ask(check, within: timeout) }
        return answer ?? false
    }

    private static func ask(_ check: FailoverHTTPCheck, within timeout: Duration) throws -> Bool {
        guard let port = UInt16(exactly: check.port) else { return false }
        let path = check.path ?? "/"
        // As validation says, too; an object may have come past it.
        guard path.hasPrefix("/"), path.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else { return false }
        let socket = try Socket(.tcp, .v4)
        let loopback = SocketAddress(IPAddress(v4: 0x7F00_0001), port: port)
        if try !socket.connect(to: loopback) {
            guard try Readiness.wait(socket.descriptor, for: .writable, timeout: timeout) else { return false }
            if socket.pendingError() != nil { return false }
        }
        let request = "GET \(path) HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
        try socket.sendAll(Array(request.utf8), within: timeout)
        let start = try socket.receiveExactly("HTTP/1.1 200".utf8.count, within: timeout)
        let words = String(decoding: start, as: UTF8.self).split(separator: " ")
        guard words.count == 2, words[0].hasPrefix("HTTP/1."), let code = Int(words[1]) else { return false }
        return (200...399).contains(code)
    }
}
