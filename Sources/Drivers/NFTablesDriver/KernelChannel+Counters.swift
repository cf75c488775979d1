import CLinux
import LinuxSystem
import NFTables

extension KernelChannel {
    /// The values of a table's counters, by one dump; empty when there is no such table.
    func counters(_ family: Table.Family, _ table: Name) throws -> [Name: ObservedTable.Counter] {
        let header = nfgenmsg(nfgen_family: KernelBatch.number(family), version: UInt8(NFNETLINK_V0), res_id: 0)
        var payload = NetlinkWriter(header: header)
        payload.put(NFTA_OBJ_TABLE.rawValue, text: table.text)
        payload.put(NFTA_OBJ_TYPE.rawValue, bigEndian: UInt32(NFT_OBJECT_COUNTER))
        let question = NetlinkMessage(
            type: UInt32(NFNL_SUBSYS_NFTABLES) << 8 | NFT_MSG_GETOBJ.rawValue, payload: payload)
        let replies: [NetlinkReply]
        do {
            replies = try withSocket { socket in try socket.dump(question) }
        } catch let error as NetlinkError where error.number == .notFound {
            return [:]
        }
        var counters: [Name: ObservedTable.Counter] = [:]
        for reply in replies {
            let attributes = reply.payload.attributes(after: nfgenmsg.self)
            guard attributes[NFTA_OBJ_TABLE.rawValue]?.text == table.text,
                let name = attributes[NFTA_OBJ_NAME.rawValue]?.text,
                let values = attributes[NFTA_OBJ_DATA.rawValue]?.attributes
            else { continue }
            counters[Name(name)] = ObservedTable.Counter(
                packets: values[NFTA_COUNTER_PACKETS.rawValue]?.bigEndian() ?? 0,
                bytes: values[NFTA_COUNTER_BYTES.rawValue]?.bigEndian() ?? 0)
        }
        return counters
    }
}
