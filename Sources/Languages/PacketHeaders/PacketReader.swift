import NetworkTypes

/// Reads a packet's fields by their place; nil past the end.
struct PacketReader {
    private let bytes: [UInt8]

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    func byte(_ place: Int) -> UInt8? { bytes.indices.contains(place) ? bytes[place] : nil }

    func word(_ place: Int) -> UInt16? {
        guard let high = byte(place), let low = byte(place + 1) else { return nil }
        return UInt16(high) << 8 | UInt16(low)
    }

    func address(_ place: Int, count: Int) -> IPAddress? {
        place + count <= bytes.count ? IPAddress(bytes: bytes[place..<place + count]) : nil
    }

    func content(_ ipProtocol: UInt8, at place: Int) -> PacketHeaders.Content {
        switch ipProtocol {
        case 6, 17, 33, 132, 136:
            guard let source = word(place), let destination = word(place + 2) else { return .none }
            return .ports(source: source, destination: destination)
        case 1, 58:
            guard let type = byte(place), let code = byte(place + 1) else { return .none }
            return .icmp(type: type, code: code, id: Self.hasID(ipProtocol, type) ? word(place + 4) ?? 0 : 0)
        default: return .none
        }
    }

    /// Echoes, timestamps, information and address masks are told apart by an id; other messages have none there.
    private static func hasID(_ ipProtocol: UInt8, _ type: UInt8) -> Bool {
        ipProtocol == 1 ? [0, 8, 13, 14, 15, 16, 17, 18].contains(type) : [128, 129].contains(type)
    }

    /// The protocol behind the extension headers and where it begins; no place for a later fragment, and where the
    /// packet ends before.
    ///
    /// No sane packet has more than a handful; after sixteen nobody looks further.
    func upperLayer(_ first: UInt8, at start: Int) -> (number: UInt8, place: Int?) {
        var number = first
        var place = start
        for _ in 0..<16 {
            let length: Int
            switch number {
            case 0, 43, 60, 135:
                guard let units = byte(place + 1) else { return (number, nil) }
                length = (Int(units) + 1) * 8
            case 44:
                guard let next = byte(place), let offset = word(place + 2) else { return (number, nil) }
                if offset & 0xFFF8 != 0 { return (next, nil) }
                length = 8
            case 51:
                guard let units = byte(place + 1) else { return (number, nil) }
                length = (Int(units) + 2) * 4
            default: return (number, place)
            }
            guard let next = byte(place) else { return (number, nil) }
            number = next
            place += length
        }
        return (number, nil)
    }
}
