import DNSFormats
import LinuxSystem
import NetworkTypes
import Testing

/// Asks a server at one place as a stub resolver does, over sockets of its own.
final class NameClient: Sendable {
    private let place: SocketAddress
    private let isStream: Bool

    init(_ place: SocketAddress, isStream: Bool) {
        self.place = place
        self.isStream = isStream
    }

    static func query(_ name: String, _ type: DNSRecordType = .a, id: UInt16 = 0x1234) throws -> DNSMessage {
        var message = DNSMessage(
            header: DNSHeader(id: id), questions: [DNSQuestion(try #require(DomainName(name)), type)])
        message.header.recursionDesired = true
        return message
    }

    /// The answer; nil in silence.
    func ask(_ query: DNSMessage, milliseconds: Int = 8000) async throws -> DNSMessage? {
        guard let bytes = try await send(query.encoded(), milliseconds: milliseconds) else { return nil }
        let answer = try DNSMessage(decoding: bytes)
        #expect(answer.header.id == query.header.id && answer.header.isResponse)
        return answer
    }

    func send(_ bytes: [UInt8], milliseconds: Int = 8000) async throws -> [UInt8]? {
        let limit = Duration.milliseconds(milliseconds)
        return try await DedicatedThread.run { [place, isStream] in
            let socket = try Socket(isStream ? .tcp : .udp, place.address.family)
            _ = try socket.connect(to: place)
            guard isStream else {
                _ = try socket.send(bytes)
                guard try Readiness.wait(socket.descriptor, for: .readable, timeout: limit) else { return nil }
                return try socket.receive()
            }
            guard try Readiness.wait(socket.descriptor, for: .writable, timeout: limit) else { return nil }
            let length = [UInt8(bytes.count >> 8), UInt8(bytes.count & 255)]
            try socket.sendAll(length + bytes, within: limit)
            let head = try socket.receiveExactly(2, within: limit)
            return try socket.receiveExactly(Int(head[0]) << 8 | Int(head[1]), within: limit)
        }
    }
}
