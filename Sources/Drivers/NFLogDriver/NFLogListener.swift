import CLinux
package import LinuxSystem
import Synchronization

/// Hears what rules log to one nflog group of a network namespace.
///
/// One listener per group: the kernel refuses a second. While nobody listens, log statements cost next to nothing.
package final class NFLogListener: Sendable {
    /// What has come since the last call.
    package struct Batch: Sendable {
        package var packets: [LoggedPacket] = []
        /// Reports that the kernel made and that did not arrive, because nobody read in time.
        package var lost: UInt64 = 0

        package init(packets: [LoggedPacket] = [], lost: UInt64 = 0) {
            self.packets = packets
            self.lost = lost
        }
    }

    private struct State: ~Copyable {
        var socket: NetlinkSocket
        var nextSequence: UInt32 = 0
    }

    private let state: Mutex<State>
    /// Readable when something has come.
    package let descriptor: Int32

    /// - Parameters:
    ///   - snapLength: how much of each packet is wanted, in bytes.
    ///   - delay: the kernel gathers reports for so long, to hand over many at once.
    ///   - threshold: or so many of them; 1 has each handed over before its packet goes on.
    ///   - buffer: how many bytes of reports may wait.
    /// - Throws: `NetlinkError` or `SystemError` with the reason; busy when another listens to the group.
    package init(
        group: UInt16, in namespace: NamespaceReference = .current, snapLength: UInt32 = 128,
        delay: Duration = .milliseconds(100), threshold: UInt32 = 64, buffer: Int32 = 4 << 20
    ) throws {
        var socket = try NetlinkSocket(.netfilter, in: namespace, receiveBuffer: buffer)
        let hundredths = UInt32(max(1, min(6000, delay / .milliseconds(10))))
        for request in [
            Self.request(group) { $0.put(NFULA_CFG_CMD.rawValue, UInt8(NFULNL_CFG_CMD_BIND.rawValue)) },
            Self.request(group) { writer in
                // `nfulnl_msg_config_mode`, which is packed.
                let range = (0..<4).reversed().map { UInt8(truncatingIfNeeded: snapLength >> ($0 * 8)) }
                writer.put(NFULA_CFG_MODE.rawValue, bytes: range + [UInt8(NFULNL_COPY_PACKET), 0])
                writer.put(NFULA_CFG_FLAGS.rawValue, bigEndian: UInt16(NFULNL_CFG_F_SEQ))
                writer.put(NFULA_CFG_TIMEOUT.rawValue, bigEndian: hundredths)
                writer.put(NFULA_CFG_NLBUFSIZ.rawValue, bigEndian: UInt32(16 << 10))
                writer.put(NFULA_CFG_QTHRESH.rawValue, bigEndian: threshold)
            },
        ] { try socket.transact(request) }
        descriptor = socket.rawDescriptor
        state = Mutex(State(socket: socket))
    }

    /// Without waiting.
    ///
    /// - Parameter limit: about how many packets are read at most; the rest waits for the next call.
    package func receive(atMost limit: Int = 4096) throws -> Batch {
        try state.withLock { state in
            var batch = Batch()
            // How many were lost when the buffer ran over shows in the numbers of those that follow.
            let (messages, _) = try state.socket.pending(atMost: limit)
            for message in messages where message.type == Self.packetType {
                guard let packet = LoggedPacket(message.payload) else { continue }
                if let sequence = packet.sequence {
                    batch.lost += UInt64(sequence &- state.nextSequence)
                    state.nextSequence = sequence &+ 1
                }
                batch.packets.append(packet)
            }
            return batch
        }
    }

    private static let packetType = UInt16(NFNL_SUBSYS_ULOG) << 8 | UInt16(NFULNL_MSG_PACKET.rawValue)

    private static func request(_ group: UInt16, _ body: (inout NetlinkWriter) -> Void) -> NetlinkMessage {
        let header = nfgenmsg(nfgen_family: 0, version: UInt8(NFNETLINK_V0), res_id: group.bigEndian)
        var payload = NetlinkWriter(header: header)
        body(&payload)
        return NetlinkMessage(
            type: UInt32(NFNL_SUBSYS_ULOG) << 8 | UInt32(NFULNL_MSG_CONFIG.rawValue), payload: payload)
    }
}
