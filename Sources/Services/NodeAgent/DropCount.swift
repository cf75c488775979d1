/// What one of the kernel's named counters has counted since its table was made.
package struct DropCount: Hashable, Sendable, Codable {
    package var packets: UInt64
    package var bytes: UInt64

    package init(packets: UInt64, bytes: UInt64) {
        self.packets = packets
        self.bytes = bytes
    }
}
