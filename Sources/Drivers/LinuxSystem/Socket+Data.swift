import Glibc
import NetworkTypes

extension Socket {
    /// How many bytes went out; nil when the buffer is full now.
    ///
    /// Never raises SIGPIPE.
    package func send(_ bytes: some Collection<UInt8>) throws(SystemError) -> Int? {
        let data = Array(bytes)
        return try systemCallOrWait("send on", "descriptor \(descriptor)") {
            Glibc.send(descriptor, data, data.count, Int32(MSG_NOSIGNAL))
        }
    }

    /// One datagram; nil when the buffer is full now.
    package func send(_ bytes: [UInt8], to address: SocketAddress) throws(SystemError) -> Int? {
        try systemCallOrWait("send to", "\(address)") {
            address.withSocketAddress {
                sendto(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL), $0, $1)
            }
        }
    }

    /// At most `count` bytes; empty at the end of a stream, nil when there is nothing now.
    package func receive(upTo count: Int = 65536) throws(SystemError) -> [UInt8]? {
        let descriptor = descriptor
        return try fill(count, "receive on") { recv(descriptor, $0, count, 0) }
    }

    /// One datagram and its sender; nil when there is none now.
    ///
    /// What is beyond `count` bytes is lost.
    package func receiveDatagram(upTo count: Int = 65536) throws(SystemError) -> (bytes: [UInt8], from: SocketAddress)?
    {
        var storage = sockaddr_storage()
        let descriptor = descriptor
        let bytes = try fill(count, "receive on") { buffer in
            Self.withStorage(&storage) { recvfrom(descriptor, buffer, count, 0, $0, $1) }
        }
        guard let bytes else { return nil }
        return (bytes, SocketAddress(storage) ?? SocketAddress(IPAddress(v4: 0), port: 0))
    }

    private func fill(
        _ count: Int, _ operation: String, _ call: (UnsafeMutableRawPointer?) -> Int
    ) throws(SystemError) -> [UInt8]? {
        var number: ErrorNumber?
        let buffer = [UInt8](unsafeUninitializedCapacity: count) { buffer, used in
            var got = call(buffer.baseAddress)
            while got < 0, errno == EINTR { got = call(buffer.baseAddress) }
            if got < 0 { number = .current }
            used = max(0, got)
        }
        guard let number else { return buffer }
        if number == .again { return nil }
        throw SystemError(operation, "descriptor \(descriptor)", number)
    }
}
