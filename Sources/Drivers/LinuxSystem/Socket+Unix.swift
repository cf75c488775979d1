import CLinux
import Glibc

extension Socket {
    package struct PeerCredentials: Hashable, Sendable {
        package let pid: Int32
        package let user: UInt32
        package let group: UInt32

        package init(pid: Int32, user: UInt32, group: UInt32) {
            self.pid = pid
            self.user = user
            self.group = group
        }
    }

    /// Connects to a unix stream socket; `ETIMEDOUT` when its owner does not take connections within `timeout`.
    ///
    /// Non-blocking afterwards.
    package static func connect(unix path: String, within timeout: Duration = .seconds(5)) throws(SystemError) -> Socket
    {
        let socket = try unixStream(path)
        try socket.setSendTimeout(timeout)
        do throws(SystemError) {
            try withAddress(path) { address, length throws(SystemError) in
                _ = try systemCall("connect to", path) { Glibc.connect(socket.descriptor, address, length) }
            }
        } catch  where error.number == .again {
            throw SystemError("connect to", path, .timedOut)
        }
        try socket.setBlocking(false)
        return socket
    }

    /// Listens on a unix stream socket with file permissions `mode`; a socket file that nobody listens on is replaced.
    package static func listen(unix path: String, mode: UInt32 = 0o600, backlog: Int32 = 128) throws(SystemError)
        -> Socket
    {
        let socket = try unixStream(path)
        try checkNobodyListens(path)
        var status = stat()
        if lstat(path, &status) == 0, status.st_mode & S_IFMT == S_IFSOCK { _ = unlink(path) }
        try withAddress(path) { address, length throws(SystemError) in
            _ = try systemCall("bind to", path) { Glibc.bind(socket.descriptor, address, length) }
        }
        // Nobody can connect before listen, so the permissions are in force in time.
        try systemCall("set the permissions of", path) { chmod(path, mode) }
        try socket.listen(backlog: backlog)
        try socket.setBlocking(false)
        return socket
    }

    /// Who is at the other end of a unix stream socket.
    package func peerCredentials() throws(SystemError) -> PeerCredentials {
        var pid: Int32 = 0
        var user: UInt32 = 0
        var group: UInt32 = 0
        try systemCall("get the credentials of", "descriptor \(descriptor)") {
            clinux_peer_credentials(descriptor, &pid, &user, &group)
        }
        return PeerCredentials(pid: pid, user: user, group: group)
    }

    private static func checkNobodyListens(_ path: String) throws(SystemError) {
        do throws(SystemError) {
            _ = try connect(unix: path, within: .milliseconds(100))
        } catch  where error.number == .connectionRefused || error.number == .notFound {
            return
        } catch  where error.number != .timedOut {
            throw error
        }
        throw SystemError("listen on", path, ErrorNumber(rawValue: EADDRINUSE))
    }

    private static func unixStream(_ path: String) throws(SystemError) -> Socket {
        let type = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue)
        let raw = try systemCall("make a socket for", path) { socket(AF_UNIX, type, 0) }
        return Socket(adopting: OwnedDescriptor(adopting: raw))
    }

    private static func withAddress(
        _ path: String, _ body: (UnsafePointer<sockaddr>, socklen_t) throws(SystemError) -> Void
    ) throws(SystemError) {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let bytes = Array(path.utf8)
        guard !bytes.isEmpty, !bytes.contains(0), bytes.count < MemoryLayout.size(ofValue: address.sun_path) else {
            throw SystemError("use as a socket path", "'\(path)' (1 to 107 bytes)", ErrorNumber(rawValue: ENAMETOOLONG))
        }
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: bytes) }
        var failure: SystemError?
        withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                do throws(SystemError) {
                    try body($0, socklen_t(MemoryLayout<sockaddr_un>.size))
                } catch {
                    failure = error
                }
            }
        }
        if let failure { throw failure }
    }
}
