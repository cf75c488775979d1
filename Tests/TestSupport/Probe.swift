package import LinuxSystem
package import NetworkTypes

/// Small probes over real sockets, made in a namespace.
package enum Probe {
    package enum Outcome: Hashable, Sendable {
        case connected
        case refused
        case timedOut
        case failed(ErrorNumber)
    }

    /// A TCP connect.
    package static func connect(
        from namespace: NamespaceReference, to address: SocketAddress, source: IPAddress? = nil,
        timeout: Duration = .seconds(2)
    ) throws -> Outcome {
        try withNetworkNamespace(namespace) {
            let socket = try Socket(.tcp, address.address.family)
            if let source { try socket.bind(to: SocketAddress(source, port: 0)) }
            do {
                if try socket.connect(to: address) { return .connected }
            } catch let error as SystemError {
                return outcome(error.number)
            }
            guard try Readiness.wait(socket.descriptor, for: .writable, timeout: timeout) else { return .timedOut }
            return socket.pendingError().map(outcome) ?? .connected
        }
    }

    /// True when one of `count` ICMP echos comes back, each within `wait`.
    package static func ping(
        from namespace: NamespaceReference, to address: IPAddress, count: Int = 3, wait: Duration = .milliseconds(500)
    ) throws -> Bool {
        try withNetworkNamespace(namespace) {
            let socket = try Socket(.icmp(address.family), address.family)
            let target = SocketAddress(address, port: 0)
            for number in 1...max(1, count) {
                let request = echo(address.family, number: UInt16(number), identifier: UInt16(socket.descriptor))
                do { _ = try socket.send(request, to: target) } catch { return false }
                let end = ContinuousClock.now.advanced(by: wait)
                while ContinuousClock.now < end {
                    let rest = max(.zero, ContinuousClock.now.duration(to: end))
                    guard try Readiness.wait(socket.descriptor, for: .readable, timeout: rest) else { break }
                    guard let (bytes, sender) = try socket.receiveDatagram(), sender.address == address else {
                        continue
                    }
                    if isReply(bytes, to: request, address.family) { return true }
                }
            }
            return false
        }
    }

    private static func echo(_ family: IPAddress.Family, number: UInt16, identifier: UInt16) -> [UInt8] {
        var bytes: [UInt8] = [family == .v4 ? 8 : 128, 0, 0, 0]
        for value in [identifier, number] { bytes += [UInt8(value >> 8), UInt8(value & 0xFF)] }
        bytes += Array("gabion".utf8)
        // The kernel writes the checksum of ICMPv6 itself.
        guard family == .v4 else { return bytes }
        var sum: UInt32 = 0
        for index in stride(from: 0, to: bytes.count, by: 2) {
            sum += UInt32(bytes[index]) << 8 | UInt32(bytes[index + 1])
        }
        while sum > 0xFFFF { sum = sum >> 16 + sum & 0xFFFF }
        bytes[2] = UInt8(~sum >> 8 & 0xFF)
        bytes[3] = UInt8(~sum & 0xFF)
        return bytes
    }

    /// IPv4 raw sockets deliver the IP header too.
    private static func isReply(_ bytes: [UInt8], to request: [UInt8], _ family: IPAddress.Family) -> Bool {
        let body = family == .v4 ? bytes.dropFirst(Int((bytes.first ?? 0) & 15) * 4) : bytes[...]
        return body.first == (family == .v4 ? 0 : 129) && body.dropFirst(4).elementsEqual(request.dropFirst(4))
    }

    private static func outcome(_ number: ErrorNumber) -> Outcome {
        switch number {
        case .connectionRefused: .refused
        case .timedOut: .timedOut
        default: .failed(number)
        }
    }
}
