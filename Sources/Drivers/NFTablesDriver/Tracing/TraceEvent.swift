import CLinux
package import LinuxSystem
import NetworkTypes
import PacketHeaders

/// What the kernel says of one packet at one rule, or at the end of a chain.
package struct TraceEvent: Hashable, Sendable {
    package enum Place: Hashable, Sendable {
        /// The rule, by its number in the table.
        case rule(handle: UInt64)
        /// The end of a base chain, where its policy decides.
        case policy
        /// The end of a chain that another had led to.
        case end
    }

    package enum Verdict: Hashable, Sendable, CustomStringConvertible {
        case accept, drop, proceed, stop, queue, stolen
        case jump(String)
        case goto(String)
        case other(Int32)

        package var description: String {
            switch self {
            case .accept: "accept"
            case .drop: "drop"
            case .proceed: "continue"
            case .stop: "return"
            case .queue: "queue"
            case .stolen: "stolen"
            case .jump(let chain): "jump \(chain)"
            case .goto(let chain): "goto \(chain)"
            case .other(let code): "verdict \(code)"
            }
        }
    }

    /// The same for all events of one packet on its way through one namespace.
    package let packet: UInt32
    package let table: String
    package let chain: String
    package let place: Place
    package let verdict: Verdict
    /// Where the packet is going; the kernel tells it once for each base chain.
    package let destination: SocketAddress?

    package init(
        packet: UInt32, table: String, chain: String, place: Place, verdict: Verdict, destination: SocketAddress? = nil
    ) {
        self.packet = packet
        self.table = table
        self.chain = chain
        self.place = place
        self.verdict = verdict
        self.destination = destination
    }

    /// Nil for a message that is none, or of a kind that this reader does not know.
    init?(_ reply: NetlinkReply) {
        guard reply.type == UInt16(NFNL_SUBSYS_NFTABLES) << 8 | UInt16(NFT_MSG_TRACE.rawValue) else { return nil }
        let attributes = reply.payload.attributes(after: nfgenmsg.self)
        guard let packet: UInt32 = attributes[NFTA_TRACE_ID.rawValue]?.bigEndian(),
            let kind: UInt32 = attributes[NFTA_TRACE_TYPE.rawValue]?.bigEndian(),
            let table = attributes[NFTA_TRACE_TABLE.rawValue]?.text,
            let chain = attributes[NFTA_TRACE_CHAIN.rawValue]?.text
        else { return nil }
        let verdict = attributes[NFTA_TRACE_VERDICT.rawValue].flatMap { Verdict($0) }
        let headers = [NFTA_TRACE_NETWORK_HEADER, NFTA_TRACE_TRANSPORT_HEADER].flatMap {
            attributes[$0.rawValue]?.bytes ?? []
        }
        let end = SocketAddress(destinationIn: headers)
        switch kind {
        case UInt32(NFT_TRACETYPE_RULE.rawValue):
            guard let handle: UInt64 = attributes[NFTA_TRACE_RULE_HANDLE.rawValue]?.bigEndian(), let verdict else {
                return nil
            }
            self.init(
                packet: packet, table: table, chain: chain, place: .rule(handle: handle), verdict: verdict,
                destination: end)
        case UInt32(NFT_TRACETYPE_POLICY.rawValue):
            guard let code: UInt32 = attributes[NFTA_TRACE_POLICY.rawValue]?.bigEndian() else { return nil }
            let policy = Verdict(code: Int32(bitPattern: code), chain: nil)
            self.init(packet: packet, table: table, chain: chain, place: .policy, verdict: policy, destination: end)
        case UInt32(NFT_TRACETYPE_RETURN.rawValue):
            self.init(
                packet: packet, table: table, chain: chain, place: .end, verdict: verdict ?? .stop,
                destination: end)
        default: return nil
        }
    }
}

extension SocketAddress {
    fileprivate init?(destinationIn bytes: [UInt8]) {
        guard let headers = PacketHeaders(bytes) else { return nil }
        var number: UInt16 = 0
        if case .ports(_, let destination) = headers.content { number = destination }
        self.init(headers.destination, port: number)
    }
}

extension TraceEvent.Verdict {
    init?(_ view: NetlinkView) {
        guard let code: UInt32 = view.attributes[NFTA_VERDICT_CODE.rawValue]?.bigEndian() else { return nil }
        self.init(code: Int32(bitPattern: code), chain: view.attributes[NFTA_VERDICT_CHAIN.rawValue]?.text)
    }

    /// NF_… of `linux/netfilter.h` and NFT_… of `linux/netfilter/nf_tables.h`.
    init(code: Int32, chain: String?) {
        // The upper half of a drop carries an error number, that of a queue the queue.
        let basic = code >= 0 ? code & 0xFF : code
        switch basic {
        case 0: self = .drop
        case 1: self = .accept
        case 2: self = .stolen
        case 3: self = .queue
        case NFT_CONTINUE.rawValue: self = .proceed
        case NFT_JUMP.rawValue: self = .jump(chain ?? "")
        case NFT_GOTO.rawValue: self = .goto(chain ?? "")
        case NFT_RETURN.rawValue: self = .stop
        default: self = .other(code)
        }
    }
}
