import CLinux
import LinuxSystem

/// A packet that a rule with a log statement has seen.
package struct LoggedPacket: Hashable, Sendable {
    /// The rule's own words.
    package var prefix: String
    /// The beginning of the packet from the IP header on, cut at the rule's or the listener's length.
    package var bytes: [UInt8]
    /// `NF_INET_…`: 0 before routing, 1 input, 2 forward, 3 output, 4 after routing.
    package var hook: UInt8
    /// The interface that it came by; nil for packets of this machine.
    package var inputInterface: UInt32?
    /// The interface that it leaves by; nil before routing.
    package var outputInterface: UInt32?
    /// The kernel's number of this report, one up for each of the group.
    package var sequence: UInt32?

    package init(prefix: String, bytes: [UInt8], hook: UInt8 = 0) {
        self.prefix = prefix
        self.bytes = bytes
        self.hook = hook
    }

    /// Nil for a message that is no packet.
    init?(_ payload: NetlinkView) {
        self.init(prefix: "", bytes: [])
        var isPacket = false
        for (type, value) in payload.attributes(after: nfgenmsg.self) {
            switch UInt32(type) {
            case NFULA_PACKET_HDR.rawValue:
                isPacket = true
                hook = value.number(UInt8.self, at: 2) ?? 0
            case NFULA_PREFIX.rawValue: prefix = value.text
            case NFULA_PAYLOAD.rawValue: bytes = value.bytes
            case NFULA_IFINDEX_INDEV.rawValue: inputInterface = value.bigEndian()
            case NFULA_IFINDEX_OUTDEV.rawValue: outputInterface = value.bigEndian()
            case NFULA_SEQ.rawValue: sequence = value.bigEndian()
            default: break
            }
        }
        guard isPacket else { return nil }
    }
}
