import NetworkTypes

/// Writes a message's fields, with names compressed where that is allowed.
struct DNSWriter {
    private(set) var bytes: [UInt8] = []
    /// Where the ends of names stand that were written, by their exact bytes.
    private var places: [ArraySlice<UInt8>: UInt16] = [:]

    mutating func word(_ word: UInt16) {
        bytes.append(UInt8(truncatingIfNeeded: word >> 8))
        bytes.append(UInt8(truncatingIfNeeded: word))
    }

    mutating func double(_ double: UInt32) {
        word(UInt16(truncatingIfNeeded: double >> 16))
        word(UInt16(truncatingIfNeeded: double))
    }

    mutating func raw(_ more: [UInt8]) { bytes += more }

    mutating func set(_ word: UInt16, at place: Int) {
        bytes[place] = UInt8(truncatingIfNeeded: word >> 8)
        bytes[place + 1] = UInt8(truncatingIfNeeded: word)
    }

    /// - Parameter isCompressed: false where RFC 3597 allows no pointer; later names may point to it all the same.
    mutating func name(_ name: DomainName, isCompressed: Bool = true) {
        var rest = name.octets[...]
        while let first = rest.first {
            if isCompressed, let known = places[rest] {
                word(0xC000 | known)
                return
            }
            if bytes.count < 0x4000 { places[rest] = places[rest] ?? UInt16(bytes.count) }
            let next = rest.startIndex + Int(first) + 1
            bytes += rest[..<next]
            rest = rest[next...]
        }
        bytes.append(0)
    }

    /// Takes back everything from a place on.
    mutating func cut(to place: Int) {
        bytes.removeSubrange(place...)
        places = places.filter { $0.value < place }
    }
}
