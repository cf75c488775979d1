import CLinux
import LinuxSystem
import NFTables

/// A transaction of elements only, as one atomic nf_tables batch.
struct ElementBatch {
    /// What a message of the batch does, to name what the kernel refuses.
    private struct Part {
        let operation: String
        /// Where each element begins, counted from the netlink header as the kernel counts.
        var starts: [(offset: Int, text: () -> String)]
    }

    /// Beyond this nft does it: a batch must go out in one call.
    private static let greatestSize = 4 << 20
    /// An attribute's length has 16 bits, and an element takes some hundred bytes at most.
    private static let greatestList = 32 << 10
    private static let headerLength = 16

    private(set) var messages: [NetlinkMessage] = []
    private var parts: [Part] = []
    private let transaction: Transaction

    /// Nil for what must go by text.
    init?(_ transaction: Transaction) {
        guard transaction.changesOnlyElements else { return nil }
        self.transaction = transaction
        messages.append(Self.mark(NFNL_MSG_BATCH_BEGIN))
        for operation in transaction.operations {
            switch operation {
            case .addElements(let name, let definition, let elements):
                guard append("add", name, definition, elements) else { return nil }
            case .deleteElements(let name, let definition, let elements):
                guard append("delete", name, definition, elements.map { Transaction.Element($0.key) }) else {
                    return nil
                }
            case .flushElements(let name, _):
                append(
                    message(NFT_MSG_DELSETELEM, NLM_F_REQUEST, name), Part(operation: "flush set \(name)", starts: []))
            default: return nil
            }
        }
        messages.append(Self.mark(NFNL_MSG_BATCH_END))
        guard messages.reduce(0, { $0 + $1.wireLength }) <= Self.greatestSize else { return nil }
    }

    /// The error for the first message that was refused; nil when all went well.
    func refusal(in errors: [NetlinkError?]) -> NFTablesError? {
        guard let index = errors.firstIndex(where: { $0 != nil }), let error = errors[index] else { return nil }
        var command: String?
        if parts.indices.contains(index - 1) {
            let part = parts[index - 1]
            let element = error.offset.flatMap { offset in part.starts.last { $0.offset <= Int(offset) } }
            command = part.operation + (element.map { " { \($0.text()) }" } ?? "")
        }
        return .refused(transaction.family, transaction.table, command: command, reason: "\(error)")
    }

    private mutating func append(
        _ verb: String, _ name: Name, _ definition: SetDefinition, _ elements: [Transaction.Element]
    ) -> Bool {
        let isAddition = verb == "add"
        let type = isAddition ? NFT_MSG_NEWSETELEM : NFT_MSG_DELSETELEM
        let flags = isAddition ? NLM_F_REQUEST | NLM_F_CREATE : NLM_F_REQUEST
        var rest = elements[...]
        while !rest.isEmpty {
            var message = message(type, flags, name)
            var part = Part(
                operation: "\(verb) element \(transaction.family.rawValue) \(transaction.table) \(name)", starts: [])
            let start = message.payload.bytes.count
            var isWhole = true
            message.payload.nest(NFTA_SET_ELEM_LIST_ELEMENTS.rawValue) { writer in
                while let element = rest.first, writer.bytes.count - start < Self.greatestList {
                    guard let encoded = KernelElement.encode(element, definition) else {
                        isWhole = false
                        return
                    }
                    part.starts.append((Self.headerLength + writer.bytes.count, { element.text }))
                    for kernelElement in encoded { kernelElement.write(to: &writer) }
                    rest = rest.dropFirst()
                }
            }
            guard isWhole else { return false }
            append(message, part)
        }
        return true
    }

    private mutating func append(_ message: NetlinkMessage, _ part: Part) {
        var message = message
        message.flags |= UInt16(NLM_F_ACK)
        messages.append(message)
        parts.append(part)
    }

    /// The beginning of a request about the elements of a set.
    private func message(_ type: nf_tables_msg_types, _ flags: Int32, _ set: Name) -> NetlinkMessage {
        let header = nfgenmsg(nfgen_family: Self.number(transaction.family), version: UInt8(NFNETLINK_V0), res_id: 0)
        var payload = NetlinkWriter(header: header)
        payload.put(NFTA_SET_ELEM_LIST_TABLE.rawValue, text: transaction.table.text)
        payload.put(NFTA_SET_ELEM_LIST_SET.rawValue, text: set.text)
        return NetlinkMessage(type: UInt32(NFNL_SUBSYS_NFTABLES) << 8 | type.rawValue, flags: flags, payload: payload)
    }

    /// The first or last message of a batch, which names the subsystem.
    private static func mark(_ type: Int32) -> NetlinkMessage {
        let header = nfgenmsg(
            nfgen_family: 0, version: UInt8(NFNETLINK_V0), res_id: UInt16(NFNL_SUBSYS_NFTABLES).bigEndian)
        return NetlinkMessage(type: type, flags: NLM_F_REQUEST, payload: NetlinkWriter(header: header))
    }

    /// NFPROTO_… of `linux/netfilter.h`.
    private static func number(_ family: Table.Family) -> UInt8 {
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
