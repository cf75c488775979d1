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
        let namespace = namespace
        let errors = try socket.withLock { current in
            var open = if let kept = current.take() { kept } else { try NetlinkSocket(.netfilter, in: namespace) }
            // A socket that threw may still have answers waiting: it is not kept.
            let errors = try open.exchange(batch.messages).errors
            current = .some(open)
            return errors
        }
        if let refusal = batch.refusal(in: errors) { throw refusal }
    }
}
