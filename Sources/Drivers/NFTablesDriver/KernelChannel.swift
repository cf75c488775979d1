import CLinux
import LinuxSystem
import NFTables
import Synchronization

/// A netlink socket into one namespace, opened when first needed and kept; one batch at a time.
final class KernelChannel: Sendable {
    private let namespace: NamespaceReference
    private let socket = Mutex<NetlinkSocket?>(nil)

    init(in namespace: NamespaceReference) { self.namespace = namespace }

    /// Makes all changes of the batch or none.
    ///
    /// The kernel works in the call itself, well under a millisecond for few
    /// elements, so this does not suspend.
    func apply(_ batch: KernelBatch) throws {
        let errors = try withSocket { socket in try socket.exchange(batch.messages).errors }
        if let refusal = batch.refusal(in: errors) { throw refusal }
    }

    func withSocket<Result: Sendable>(_ body: (inout NetlinkSocket) throws -> Result) throws -> Result {
        let namespace = namespace
        return try socket.withLock { current in
            var open = if let kept = current.take() { kept } else { try NetlinkSocket(.netfilter, in: namespace) }
            // A socket that threw may still have answers waiting: it is not kept.
            let result = try body(&open)
            current = .some(open)
            return result
        }
    }

    /// The number of the namespace's last commit, whoever made it.
    func generation() throws -> UInt32 {
        let header = nfgenmsg(nfgen_family: 0, version: UInt8(NFNETLINK_V0), res_id: 0)
        let question = NetlinkMessage(
            type: UInt32(NFNL_SUBSYS_NFTABLES) << 8 | NFT_MSG_GETGEN.rawValue, payload: NetlinkWriter(header: header))
        let reply = try withSocket { socket in try socket.query(question) }
        guard
            let number: UInt32 = reply?.payload.attributes(after: nfgenmsg.self)[NFTA_GEN_ID.rawValue]?.bigEndian()
        else { throw NetlinkError(number: .notFound, text: "the kernel did not tell its nftables generation") }
        return number
    }
}
