import CLinux
import Glibc
package import NetworkTypes

/// A socket, closed with its last reference.
///
/// Non-blocking unless said otherwise: where a call would wait, it returns nil.
package final class Socket: Sendable {
    package let owned: OwnedDescriptor

    /// The number, for an event loop.
    package var descriptor: Int32 { owned.rawValue }

    package init(adopting descriptor: consuming OwnedDescriptor) { owned = descriptor }

    package enum Kind: Hashable, Sendable {
        case tcp
        case udp
        /// Whole payloads of an IP protocol (132: SCTP).
        ///
        /// IPv4 receives the IP header too, IPv6 does not.
        case raw(ipProtocol: UInt8)

        /// ICMP or ICMPv6, by raw socket.
        package static func icmp(_ family: IPAddress.Family) -> Kind { .raw(ipProtocol: family == .v4 ? 1 : 58) }
        package static let sctp = Kind.raw(ipProtocol: 132)
    }

    /// A socket of the calling thread's namespace; it stays there for its whole life.
    package convenience init(_ kind: Kind, _ family: IPAddress.Family) throws(SystemError) {
        let domain = family == .v4 ? AF_INET : AF_INET6
        let (type, number): (__socket_type, Int32) =
            switch kind {
            case .tcp: (SOCK_STREAM, 0)
            case .udp: (SOCK_DGRAM, 0)
            case .raw(let number): (SOCK_RAW, Int32(number))
            }
        let flags = type.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue
        let raw = try systemCall("make", "a \(kind) socket") { socket(domain, Int32(flags), number) }
        self.init(adopting: OwnedDescriptor(adopting: raw))
    }

    package func bind(to address: SocketAddress) throws(SystemError) {
        try systemCall("bind to", "\(address)") {
            address.withSocketAddress { Glibc.bind(descriptor, $0, $1) }
        }
    }

    package func listen(backlog: Int32 = 1024) throws(SystemError) {
        try systemCall("listen on", "descriptor \(descriptor)") { Glibc.listen(descriptor, backlog) }
    }

    /// The next connection, non-blocking too; nil when there is none now.
    package func accept() throws(SystemError) -> Socket? {
        let raw = try systemCallOrWait("accept on", "descriptor \(descriptor)") { clinux_accept(descriptor) }
        return raw.map { Socket(adopting: OwnedDescriptor(adopting: $0)) }
    }

    /// Starts to connect: true when connected already, false when the socket becomes writable later (see
    /// `pendingError`).
    ///
    /// UDP and raw sockets connect at once.
    package func connect(to address: SocketAddress) throws(SystemError) -> Bool {
        if address.withSocketAddress({ Glibc.connect(descriptor, $0, $1) }) == 0 { return true }
        let number = ErrorNumber.current
        guard number == .inProgress || number == .interrupted else {
            throw SystemError("connect to", "\(address)", number)
        }
        return false
    }

    /// The error that is waiting on the socket, and takes it: nil after a successful connect.
    package func pendingError() -> ErrorNumber? {
        let value = (try? option(SOL_SOCKET, SO_ERROR)) ?? 0
        return value == 0 ? nil : ErrorNumber(rawValue: value)
    }

    package func localAddress() throws(SystemError) -> SocketAddress? {
        var storage = sockaddr_storage()
        try systemCall("get the address of", "descriptor \(descriptor)") {
            Self.withStorage(&storage) { getsockname(descriptor, $0, $1) }
        }
        return SocketAddress(storage)
    }

    package func peerAddress() throws(SystemError) -> SocketAddress? {
        var storage = sockaddr_storage()
        try systemCall("get the peer of", "descriptor \(descriptor)") {
            Self.withStorage(&storage) { getpeername(descriptor, $0, $1) }
        }
        return SocketAddress(storage)
    }

    /// Ends one or both directions; a peer that has gone already is no error.
    package func shutDown(writing: Bool = true, reading: Bool = false) {
        let how = reading ? (writing ? SHUT_RDWR : SHUT_RD) : SHUT_WR
        _ = shutdown(descriptor, Int32(how))
    }

    static func withStorage<Result>(
        _ storage: inout sockaddr_storage,
        _ body: (UnsafeMutablePointer<sockaddr>, UnsafeMutablePointer<socklen_t>) -> Result
    ) -> Result {
        var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
        return withUnsafeMutablePointer(to: &storage) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { body($0, &length) }
        }
    }
}
