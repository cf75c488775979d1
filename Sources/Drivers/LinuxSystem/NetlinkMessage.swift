import CLinux

/// One netlink message without its sequence number, which the socket gives.
package struct NetlinkMessage: Sendable, Hashable {
    package var type: UInt16
    /// `NLM_F_…`.
    package var flags: UInt16
    /// What follows the netlink header: the family's own header and attributes.
    package var payload: NetlinkWriter

    package init(
        type: some BinaryInteger, flags: some BinaryInteger = NLM_F_REQUEST, payload: NetlinkWriter = NetlinkWriter()
    ) {
        self.type = UInt16(truncatingIfNeeded: type)
        self.flags = UInt16(truncatingIfNeeded: flags)
        self.payload = payload
    }

    package var wantsAcknowledgement: Bool { flags & UInt16(NLM_F_ACK) != 0 }

    /// The length of the message on the wire, padding included.
    package var wireLength: Int { (MemoryLayout<nlmsghdr>.size + payload.bytes.count + 3) & ~3 }

    func append(to buffer: inout [UInt8], sequence: UInt32) {
        let length = MemoryLayout<nlmsghdr>.size + payload.bytes.count
        let header = nlmsghdr(
            nlmsg_len: UInt32(length), nlmsg_type: type, nlmsg_flags: flags, nlmsg_seq: sequence, nlmsg_pid: 0)
        withUnsafeBytes(of: header) { buffer.append(contentsOf: $0) }
        buffer.append(contentsOf: payload.bytes)
        while buffer.count % 4 != 0 { buffer.append(0) }
    }
}
