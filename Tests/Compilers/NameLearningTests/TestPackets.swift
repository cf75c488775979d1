import DNSFormats
import NetworkTypes

/// Packets as they come, without checksums: nobody here looks at them.
enum TestPackets {
    static let pod = IPAddress(v4: 0x0A80_0001)
    static let otherPod = IPAddress(v4: 0x0A80_0002)
    static let server = IPAddress(v4: 0x0A60_000A)
    static let podV6 = IPAddress(family: .v6, bits: 0xFD01 << 112 | 1)
    static let serverV6 = IPAddress(family: .v6, bits: 0xFD02 << 112 | 10)

    static func word(_ value: Int) -> [UInt8] { [UInt8(value >> 8 & 255), UInt8(value & 255)] }

    /// - Parameter fragment: identification, place in bytes, and whether more come.
    static func packet(
        _ from: IPAddress, _ to: IPAddress, _ number: UInt8, _ payload: [UInt8],
        fragment: (id: UInt16, offset: Int, hasMore: Bool)? = nil
    ) -> [UInt8] {
        guard from.family == .v6 else {
            let place = fragment.map { $0.offset / 8 | ($0.hasMore ? 0x2000 : 0) } ?? 0x4000
            return [0x45, 0] + word(20 + payload.count) + word(Int(fragment?.id ?? 0)) + word(place)
                + [64, number, 0, 0] + from.bytes + to.bytes + payload
        }
        var inner = payload
        if let fragment {
            inner =
                [number, 0] + word(fragment.offset | (fragment.hasMore ? 1 : 0)) + [0, 0] + word(Int(fragment.id))
                + payload
        }
        return [0x60, 0, 0, 0] + word(inner.count) + [fragment == nil ? number : 44, 64] + from.bytes + to.bytes + inner
    }

    static func datagram(_ from: Int, _ to: Int, _ data: [UInt8]) -> [UInt8] {
        word(from) + word(to) + word(8 + data.count) + [0, 0] + data
    }

    static func question(
        _ message: DNSMessage, from pod: IPAddress = Self.pod, port: Int = 40_000, to server: IPAddress = Self.server
    ) -> [UInt8] {
        packet(pod, server, 17, datagram(port, 53, message.encoded()))
    }

    static func answer(
        _ message: DNSMessage, to pod: IPAddress = Self.pod, port: Int = 40_000, from server: IPAddress = Self.server
    ) -> [UInt8] {
        packet(server, pod, 17, datagram(53, port, message.encoded()))
    }

    static func segment(
        _ data: [UInt8], at sequence: UInt32, flags: UInt8 = 0x10, to pod: IPAddress = Self.pod, port: Int = 40_000,
        from server: IPAddress = Self.server
    ) -> [UInt8] {
        let number = (0..<4).reversed().map { UInt8(truncatingIfNeeded: sequence >> ($0 * 8)) }
        return packet(
            server, pod, 6, word(53) + word(port) + number + [0, 0, 0, 0, 0x50, flags, 0, 0, 0, 0, 0, 0] + data)
    }

    static func name(_ text: String) -> DomainName { DomainName(text) ?? .root }

    static func query(_ text: String, _ type: DNSRecordType = .a, id: UInt16 = 7) -> DNSMessage {
        DNSMessage(header: DNSHeader(id: id), questions: [DNSQuestion(name(text), type)])
    }

    /// With the addresses, at the end of the aliases.
    static func reply(
        to query: DNSMessage, _ addresses: [String], aliases: [String] = [], life: UInt32 = 300
    ) -> DNSMessage {
        var message = query
        message.header.isResponse = true
        var owner = query.questions.first?.name ?? .root
        for alias in aliases {
            message.answers.append(DNSRecord(owner, timeToLive: life, .alias(name(alias))))
            owner = name(alias)
        }
        message.answers += addresses.compactMap { IPAddress($0) }.map {
            DNSRecord(owner, timeToLive: life, .address($0))
        }
        return message
    }
}
