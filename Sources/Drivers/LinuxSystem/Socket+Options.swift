import CLinux
import Glibc

extension Socket {
    package enum Option: Hashable, Sendable {
        case reuseAddress
        case reusePort
        /// IPv6 sockets that must not also take IPv4.
        case v6Only
        /// Bind to an address that is not ours (yet).
        case freeBind
        case noDelay
        case keepAlive
        /// Errors that ICMP reports reach unconnected datagram sockets.
        case receiveErrors
    }

    package func enable(_ option: Option) throws(SystemError) {
        let (level, name): (Int32, Int32) =
            switch option {
            case .reuseAddress: (SOL_SOCKET, SO_REUSEADDR)
            case .reusePort: (SOL_SOCKET, SO_REUSEPORT)
            case .v6Only: (Int32(IPPROTO_IPV6), IPV6_V6ONLY)
            case .freeBind: (Int32(IPPROTO_IP), IP_FREEBIND)
            case .noDelay: (Int32(IPPROTO_TCP), TCP_NODELAY)
            case .keepAlive: (SOL_SOCKET, SO_KEEPALIVE)
            case .receiveErrors: (Int32(IPPROTO_IP), IP_RECVERR)
            }
        try setOption(level, name, 1)
    }

    /// Only traffic of one interface.
    package func bind(toDevice name: String) throws(SystemError) {
        try systemCall("bind to device", name) {
            setsockopt(descriptor, SOL_SOCKET, SO_BINDTODEVICE, name, socklen_t(name.utf8.count))
        }
    }

    /// Marks packets for policy routing.
    package func setMark(_ mark: UInt32) throws(SystemError) {
        try setOption(SOL_SOCKET, SO_MARK, Int32(bitPattern: mark))
    }

    package func setBuffers(send: Int32? = nil, receive: Int32? = nil) throws(SystemError) {
        if let send { try setOption(SOL_SOCKET, SO_SNDBUF, send) }
        if let receive { try setOption(SOL_SOCKET, SO_RCVBUF, receive) }
    }

    /// Closing resets the connection instead of leaving it in TIME_WAIT: for probes by the thousand.
    package func resetOnClose() throws(SystemError) {
        var value = linger(l_onoff: 1, l_linger: 0)
        try systemCall("set an option of", "descriptor \(descriptor)") {
            setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &value, socklen_t(MemoryLayout<linger>.size))
        }
    }

    /// Makes calls wait (true) or return nil (false).
    package func setBlocking(_ blocking: Bool) throws(SystemError) {
        try systemCall("set the mode of", "descriptor \(descriptor)") {
            clinux_set_nonblocking(descriptor, blocking ? 0 : 1)
        }
    }

    /// How long a blocking connect or send may take.
    func setSendTimeout(_ timeout: Duration) throws(SystemError) {
        let (seconds, attoseconds) = timeout.components
        var value = timeval(tv_sec: Int(seconds), tv_usec: max(1, Int(attoseconds / 1_000_000_000_000)))
        try systemCall("set the timeout of", "descriptor \(descriptor)") {
            setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &value, socklen_t(MemoryLayout<timeval>.size))
        }
    }

    func setOption(_ level: Int32, _ name: Int32, _ value: Int32) throws(SystemError) {
        var value = value
        try systemCall("set option \(name) of", "descriptor \(descriptor)") {
            setsockopt(descriptor, level, name, &value, socklen_t(MemoryLayout<Int32>.size))
        }
    }

    func option(_ level: Int32, _ name: Int32) throws(SystemError) -> Int32 {
        var value: Int32 = 0
        var length = socklen_t(MemoryLayout<Int32>.size)
        try systemCall("get option \(name) of", "descriptor \(descriptor)") {
            getsockopt(descriptor, level, name, &value, &length)
        }
        return value
    }
}
