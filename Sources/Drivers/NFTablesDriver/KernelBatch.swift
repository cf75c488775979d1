import CLinux
import LinuxSystem
import NFTables

/// A transaction as one atomic nf_tables batch of netlink messages.
struct KernelBatch {
    /// What a message of the batch does, to name what the kernel refuses.
    struct Part {
        let command: String
        /// Where each element begins, counted from the netlink header as the kernel counts.
        var elements: [(offset: Int, text: () -> String)] = []
    }

    /// Beyond this nft does it: a batch must go out in one call.
    private static let greatestSize = 4 << 20

    let transaction: Transaction
    private(set) var messages: [NetlinkMessage] = []
    private var parts: [Part] = []
    private var lastSetID: UInt32 = 0

    /// Nil for what must go by text: tables, base chains, and statements and sets that only nft can encode here.
    init?(_ transaction: Transaction) {
        self.transaction = transaction
        messages.append(Self.mark(NFNL_MSG_BATCH_BEGIN))
        for operation in transaction.operations {
            guard append(operation) else { return nil }
        }
        // Refusals are always answered, and in order; so one acknowledgement, of the last message, says it all.
        messages[messages.count - 1].flags |= UInt16(NLM_F_ACK)
        messages.append(Self.mark(NFNL_MSG_BATCH_END))
        guard messages.reduce(0, { $0 + $1.wireLength }) <= Self.greatestSize else { return nil }
    }

    /// The error for the first message that was refused; nil when all went well.
    func refusal(in errors: [NetlinkError?]) -> NFTablesError? {
        guard let index = errors.firstIndex(where: { $0 != nil }), let error = errors[index] else { return nil }
        var command: String?
        if parts.indices.contains(index - 1) {
            let part = parts[index - 1]
            let element = error.offset.flatMap { offset in part.elements.last { $0.offset <= Int(offset) } }
            command = part.command + (element.map { " { \($0.text()) }" } ?? "")
        }
        return .refused(transaction.family, transaction.table, command: command, reason: "\(error)")
    }

    /// False for an operation that must go by text.
    private mutating func append(_ operation: Transaction.Operation) -> Bool {
        switch operation {
        case .addElements(let name, let definition, let elements):
            return append(elements, .addition, KernelSetReference(name: name.text), definition)
        case .deleteElements(let name, let definition, let elements):
            let keys = elements.map { Transaction.Element($0.key) }
            return append(keys, .deletion, KernelSetReference(name: name.text), definition)
        case .flushElements(let name, _):
            append(NFT_MSG_DELSETELEM, "flush set \(name)") { writer in
                writer.put(NFTA_SET_ELEM_LIST_SET.rawValue, text: name.text)
            }
        case .addSet(let name, let definition):
            guard let creation = KernelSetCreation(definition, KernelSetReference(name: name.text, id: nextSetID()))
            else {
                return false
            }
            append(NFT_MSG_NEWSET, flags: NLM_F_CREATE, "add set \(name)", creation.write)
        case .deleteSet(let name, _):
            append(NFT_MSG_DELSET, "delete set \(name)") { $0.put(NFTA_SET_NAME.rawValue, text: name.text) }
        case .addChain(let name, nil):
            append(NFT_MSG_NEWCHAIN, flags: NLM_F_CREATE, "add chain \(name)") {
                $0.put(NFTA_CHAIN_NAME.rawValue, text: name.text)
            }
        case .deleteChain(let name):
            append(NFT_MSG_DELCHAIN, "delete chain \(name)") { $0.put(NFTA_CHAIN_NAME.rawValue, text: name.text) }
        case .flushChain(let name):
            append(NFT_MSG_DELRULE, "flush chain \(name)") { $0.put(NFTA_RULE_CHAIN.rawValue, text: name.text) }
        case .addRule(let chain, let rule): return append(rule, to: chain)
        case .addTable, .deleteTable, .addChain, .addCounter, .deleteCounter: return false
        }
        return true
    }

    /// A number for a set that this batch makes, by which its other messages can refer to it.
    mutating func nextSetID() -> UInt32 {
        lastSetID += 1
        return lastSetID
    }

    /// A message about the table, of which `body` writes the attributes after the table's name.
    mutating func append(
        _ type: nf_tables_msg_types, flags: Int32 = 0, _ command: String, _ body: (inout NetlinkWriter) -> Void
    ) {
        var message = message(type, flags)
        body(&message.payload)
        append(message, Part(command: command))
    }

    mutating func append(_ message: NetlinkMessage, _ part: Part) {
        messages.append(message)
        parts.append(part)
    }

    /// The beginning of a request; the table's name is attribute 1 of every kind of request.
    func message(_ type: nf_tables_msg_types, _ flags: Int32) -> NetlinkMessage {
        let header = nfgenmsg(nfgen_family: Self.number(transaction.family), version: UInt8(NFNETLINK_V0), res_id: 0)
        var payload = NetlinkWriter(header: header)
        payload.put(NFTA_TABLE_NAME.rawValue, text: transaction.table.text)
        return NetlinkMessage(
            type: UInt32(NFNL_SUBSYS_NFTABLES) << 8 | type.rawValue, flags: NLM_F_REQUEST | flags, payload: payload)
    }

    /// The first or last message of a batch, which names the subsystem.
    private static func mark(_ type: Int32) -> NetlinkMessage {
        let header = nfgenmsg(
            nfgen_family: 0, version: UInt8(NFNETLINK_V0), res_id: UInt16(NFNL_SUBSYS_NFTABLES).bigEndian)
        return NetlinkMessage(type: type, flags: NLM_F_REQUEST, payload: NetlinkWriter(header: header))
    }

    /// NFPROTO_… of `linux/netfilter.h`.
    static func number(_ family: Table.Family) -> UInt8 {
        switch family {
        case .inet: 1
        case .ip: 2
        case .arp: 3
        case .netdev: 5
        case .bridge: 7
        case .ip6: 10
        }
    }
}
