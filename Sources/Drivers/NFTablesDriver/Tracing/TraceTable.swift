import CLinux
import LinuxSystem
import NetworkTypes

/// The table that marks packets for tracing, as one batch of netlink messages.
///
/// It belongs to the socket that makes it: the kernel removes it when that is closed, however the process ends.
struct TraceTable {
    static let name = "gabion-trace"
    /// Before every other chain: the guard of pods is at −300.
    private static let priority: Int32 = -400
    /// NFPROTO_INET, NF_INET_PRE_ROUTING and NF_INET_LOCAL_OUT of `linux/netfilter.h`.
    private static let inet: UInt8 = 1
    private static let hooks: [(name: String, number: UInt32)] = [("prerouting", 0), ("output", 3)]

    let packets: [TracedPackets]

    var batch: [NetlinkMessage] {
        var messages = [
            Self.message(NFT_MSG_NEWTABLE) {
                $0.put(NFTA_TABLE_FLAGS.rawValue, bigEndian: UInt32(NFT_TABLE_F_OWNER.rawValue))
            }
        ]
        for hook in Self.hooks {
            messages.append(
                Self.message(NFT_MSG_NEWCHAIN) { writer in
                    writer.put(NFTA_CHAIN_NAME.rawValue, text: hook.name)
                    writer.nest(NFTA_CHAIN_HOOK.rawValue) {
                        $0.put(NFTA_HOOK_HOOKNUM.rawValue, bigEndian: hook.number)
                        $0.put(NFTA_HOOK_PRIORITY.rawValue, bigEndian: UInt32(bitPattern: Self.priority))
                    }
                    writer.put(NFTA_CHAIN_TYPE.rawValue, text: "filter")
                })
            messages += packets.map { packets in
                Self.message(NFT_MSG_NEWRULE, NLM_F_CREATE | NLM_F_APPEND) { writer in
                    writer.put(NFTA_RULE_CHAIN.rawValue, text: hook.name)
                    let rule = TraceRule(packets)
                    writer.put(
                        UInt32(NFTA_RULE_EXPRESSIONS.rawValue) | UInt32(NLA_F_NESTED), bytes: rule.writer.bytes)
                }
            }
        }
        return [Self.mark(NFNL_MSG_BATCH_BEGIN)] + messages + [Self.mark(NFNL_MSG_BATCH_END)]
    }

    /// Takes the table away, through the socket that made it.
    static var removal: [NetlinkMessage] {
        [mark(NFNL_MSG_BATCH_BEGIN), message(NFT_MSG_DELTABLE, 0) { _ in }, mark(NFNL_MSG_BATCH_END)]
    }

    private static func message(
        _ type: nf_tables_msg_types, _ flags: Int32 = NLM_F_CREATE | NLM_F_EXCL, _ body: (inout NetlinkWriter) -> Void
    ) -> NetlinkMessage {
        var payload = NetlinkWriter(
            header: nfgenmsg(nfgen_family: Self.inet, version: UInt8(NFNETLINK_V0), res_id: 0))
        // The table's name is attribute 1 of every kind of request.
        payload.put(NFTA_TABLE_NAME.rawValue, text: Self.name)
        body(&payload)
        return NetlinkMessage(
            type: UInt32(NFNL_SUBSYS_NFTABLES) << 8 | type.rawValue,
            flags: NLM_F_REQUEST | NLM_F_ACK | flags, payload: payload)
    }

    private static func mark(_ type: Int32) -> NetlinkMessage {
        let header = nfgenmsg(
            nfgen_family: 0, version: UInt8(NFNETLINK_V0), res_id: UInt16(NFNL_SUBSYS_NFTABLES).bigEndian)
        return NetlinkMessage(type: type, flags: NLM_F_REQUEST, payload: NetlinkWriter(header: header))
    }
}

/// One rule: exactly these packets are traced from here on.
private struct TraceRule {
    private(set) var writer = NetlinkWriter()

    init(_ packets: TracedPackets) {
        let family = packets.destination.family
        let network = UInt32(NFT_PAYLOAD_NETWORK_HEADER.rawValue)
        let transport = UInt32(NFT_PAYLOAD_TRANSPORT_HEADER.rawValue)
        let (sourceOffset, destinationOffset): (UInt32, UInt32) = family == .v4 ? (12, 16) : (8, 24)
        loadMeta(NFT_META_NFPROTO)
        compare([family == .v4 ? 2 : 10])
        if let source = packets.source {
            loadPayload(network, sourceOffset, source.bytes.count)
            compare(source.bytes)
        }
        loadPayload(network, destinationOffset, packets.destination.bytes.count)
        compare(packets.destination.bytes)
        loadMeta(NFT_META_L4PROTO)
        compare([packets.transport.number(family)])
        if packets.transport == .icmp {
            loadPayload(transport, 0, 1)
            compare([family == .v4 ? 8 : 128])
        } else {
            if let port = packets.sourcePort {
                loadPayload(transport, 0, 2)
                compare([UInt8(port >> 8), UInt8(port & 0xFF)])
            }
            loadPayload(transport, 2, 2)
            compare([UInt8(packets.port >> 8), UInt8(packets.port & 0xFF)])
        }
        mark()
    }

    private static let register = UInt32(NFT_REG32_00.rawValue)

    private mutating func mark() {
        append("immediate") { writer in
            writer.put(NFTA_IMMEDIATE_DREG.rawValue, bigEndian: Self.register)
            writer.nest(NFTA_IMMEDIATE_DATA.rawValue) { $0.put(NFTA_DATA_VALUE.rawValue, bytes: [1]) }
        }
        append("meta") { writer in
            writer.put(NFTA_META_KEY.rawValue, bigEndian: UInt32(NFT_META_NFTRACE.rawValue))
            writer.put(NFTA_META_SREG.rawValue, bigEndian: Self.register)
        }
    }

    private mutating func loadMeta(_ key: nft_meta_keys) {
        append("meta") { writer in
            writer.put(NFTA_META_DREG.rawValue, bigEndian: Self.register)
            writer.put(NFTA_META_KEY.rawValue, bigEndian: UInt32(key.rawValue))
        }
    }

    private mutating func loadPayload(_ base: UInt32, _ offset: UInt32, _ length: Int) {
        append("payload") { writer in
            writer.put(NFTA_PAYLOAD_DREG.rawValue, bigEndian: Self.register)
            writer.put(NFTA_PAYLOAD_BASE.rawValue, bigEndian: base)
            writer.put(NFTA_PAYLOAD_OFFSET.rawValue, bigEndian: offset)
            writer.put(NFTA_PAYLOAD_LEN.rawValue, bigEndian: UInt32(length))
        }
    }

    private mutating func compare(_ bytes: [UInt8]) {
        append("cmp") { writer in
            writer.put(NFTA_CMP_SREG.rawValue, bigEndian: Self.register)
            writer.put(NFTA_CMP_OP.rawValue, bigEndian: UInt32(NFT_CMP_EQ.rawValue))
            writer.nest(NFTA_CMP_DATA.rawValue) { $0.put(NFTA_DATA_VALUE.rawValue, bytes: bytes) }
        }
    }

    private mutating func append(_ name: String, _ body: (inout NetlinkWriter) -> Void) {
        writer.nest(NFTA_LIST_ELEM.rawValue) { writer in
            writer.put(NFTA_EXPR_NAME.rawValue, text: name)
            writer.nest(NFTA_EXPR_DATA.rawValue, body)
        }
    }
}
