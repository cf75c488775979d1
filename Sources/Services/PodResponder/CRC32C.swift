/// The Castagnoli CRC that SCTP packets carry (RFC 9260, appendix A).
package enum CRC32C {
    /// The checksum of `bytes`, as a number whose least significant byte goes on the wire first.
    package static func checksum(_ bytes: some Sequence<UInt8>) -> UInt32 {
        ~bytes.reduce(UInt32.max) { crc, byte in crc >> 8 ^ table[Int((crc ^ UInt32(byte)) & 0xFF)] }
    }

    /// The reflected polynomial 0x82F63B78, one entry per byte value.
    private static let table: [UInt32] = (0..<256).map { index in
        (0..<8).reduce(UInt32(index)) { value, _ in value & 1 == 0 ? value >> 1 : value >> 1 ^ 0x82F6_3B78 }
    }
}
