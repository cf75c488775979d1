import NetworkTypes

/// The frames by which a node tells its link that an address is at it now.
enum Announcement {
    private static let everybody: [UInt8] = [UInt8](repeating: 0xFF, count: 6)

    static func frames(_ address: IPAddress, at mac: MACAddress) -> [[UInt8]] {
        address.family == .v4 ? gratuitousARP(address.bytes, mac.bytes) : [neighbourAdvertisement(address, mac.bytes)]
    }

    /// As a request and as a reply: some hear only one of them.
    private static func gratuitousARP(_ address: [UInt8], _ mac: [UInt8]) -> [[UInt8]] {
        [UInt8(1), 2].map { operation in
            let target = operation == 1 ? [UInt8](repeating: 0, count: 6) : mac
            return everybody + mac + [0x08, 0x06] + [0, 1, 0x08, 0, 6, 4, 0, operation] + mac + address + target
                + address
        }
    }

    /// Unsolicited, with the override flag, to all nodes of the link.
    private static func neighbourAdvertisement(_ address: IPAddress, _ mac: [UInt8]) -> [UInt8] {
        let allNodes: [UInt8] = [0xFF, 0x02] + [UInt8](repeating: 0, count: 13) + [1]
        let body: [UInt8] = [0x20, 0, 0, 0] + address.bytes + [2, 1] + mac
        let message: [UInt8] = [136, 0]
        let length = message.count + 2 + body.count
        let pseudo = address.bytes + allNodes + [0, 0, 0, UInt8(length), 0, 0, 0, 58]
        let sum = checksum(pseudo + message + [0, 0] + body)
        let header: [UInt8] = [0x60, 0, 0, 0, 0, UInt8(length), 58, 255] + address.bytes + allNodes
        let multicast: [UInt8] = [0x33, 0x33, 0, 0, 0, 1]
        return multicast + mac + [0x86, 0xDD] + header + message + [UInt8(sum >> 8), UInt8(sum & 0xFF)] + body
    }

    /// RFC 1071.
    private static func checksum(_ bytes: [UInt8]) -> UInt16 {
        var sum: UInt32 = 0
        for index in stride(from: 0, to: bytes.count, by: 2) {
            let low = index + 1 < bytes.count ? UInt32(bytes[index + 1]) : 0
            sum += UInt32(bytes[index]) << 8 | low
        }
        while sum > 0xFFFF { sum = sum & 0xFFFF + sum >> 16 }
        return ~UInt16(sum)
    }
}
