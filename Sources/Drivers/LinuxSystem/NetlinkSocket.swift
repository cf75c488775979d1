import CLinux
import Glibc

/// A netlink socket of one namespace.
///
/// Requests go out in order, and each call waits for its answers.
package struct NetlinkSocket: ~Copyable, Sendable {
    package enum Family: Sendable {
        case route
        case netfilter

        var number: Int32 { self == .route ? NETLINK_ROUTE : NETLINK_NETFILTER }
    }

    let descriptor: OwnedDescriptor
    var sequence: UInt32 = 1
    /// How long the kernel may take to answer.
    package var deadline: Duration = .seconds(10)

    /// For an event loop; the socket keeps it.
    package var rawDescriptor: Int32 { descriptor.rawValue }

    /// Opens a socket in a namespace; it stays there.
    ///
    /// - Parameter receiveBuffer: how many bytes wait until they are read; what comes beyond is lost, and said to be.
    package init(
        _ family: Family, in namespace: NamespaceReference = .current, receiveBuffer: Int32 = 8 << 20
    ) throws {
        descriptor = try Self.open(family, namespace, receiveBuffer)
    }

    private static func open(
        _ family: Family, _ namespace: NamespaceReference, _ receiveBuffer: Int32
    ) throws -> OwnedDescriptor {
        let number = family.number
        let raw = try withNetworkNamespace(namespace) {
            try systemCall("open netlink in", namespace.description) {
                socket(AF_NETLINK, Int32(SOCK_RAW.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue), number)
            }
        }
        let descriptor = OwnedDescriptor(adopting: raw)
        try set(raw, solNetlink, NETLINK_EXT_ACK, 1)
        try set(raw, solNetlink, NETLINK_CAP_ACK, 1)
        // Filters of dumps work in the kernel, and a malformed dump request is an error.
        if family == .route { try set(raw, solNetlink, NETLINK_GET_STRICT_CHK, 1) }
        // Acknowledgements of a whole batch wait here. Without CAP_NET_ADMIN the system's limit stays.
        try? set(raw, SOL_SOCKET, SO_RCVBUFFORCE, receiveBuffer)
        try? set(raw, SOL_SOCKET, SO_SNDBUFFORCE, 8 << 20)
        var address = sockaddr_nl()
        address.nl_family = sa_family_t(AF_NETLINK)
        try systemCall("bind", "netlink") {
            withUnsafePointer(to: &address) { pointer in
                pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    bind(raw, $0, socklen_t(MemoryLayout<sockaddr_nl>.size))
                }
            }
        }
        return descriptor
    }

    /// `SOL_NETLINK`, which libc hides from Swift.
    static let solNetlink: Int32 = 270

    static func set(_ raw: Int32, _ level: Int32, _ name: Int32, _ value: Int32) throws(SystemError) {
        var value = value
        try systemCall("set option \(name) of", "netlink") {
            setsockopt(raw, level, name, &value, socklen_t(MemoryLayout<Int32>.size))
        }
    }

    /// A fresh sequence number; never 0, which marks notifications.
    mutating func nextSequence() -> UInt32 {
        sequence = sequence == .max ? 1 : sequence + 1
        return sequence
    }

    func sendBytes(_ bytes: [UInt8]) throws(SystemError) {
        while true {
            let sent = try systemCallOrWait("send on", "netlink") {
                Glibc.send(descriptor.rawValue, bytes, bytes.count, 0)
            }
            if sent != nil { return }
            guard try Readiness.wait(descriptor.rawValue, for: .writable, timeout: deadline) else {
                throw SystemError("send on", "netlink", .timedOut)
            }
        }
    }

    /// One datagram from the kernel; nil when none comes within `timeout`.
    func receiveBytes(timeout: Duration) throws(SystemError) -> [UInt8]? {
        while true {
            if let bytes = try receiveNow() { return bytes }
            guard try Readiness.wait(descriptor.rawValue, for: .readable, timeout: timeout) else { return nil }
        }
    }

    private func receiveNow() throws(SystemError) -> [UInt8]? {
        let size = 64 << 10
        var got = 0
        var number: ErrorNumber?
        let buffer = [UInt8](unsafeUninitializedCapacity: size) { buffer, used in
            repeat {
                got = recv(descriptor.rawValue, buffer.baseAddress, size, Int32(MSG_TRUNC))
            } while got < 0 && errno == EINTR
            if got < 0 { number = .current }
            used = min(size, max(0, got))
        }
        if let number {
            if number == .again { return nil }
            throw SystemError("receive on", "netlink", number)
        }
        guard got <= size else { throw SystemError("receive a message of \(got) bytes on", "netlink", .noBufferSpace) }
        return buffer
    }
}
