import CLinux
package import LinuxSystem
import Synchronization

/// Has the kernel tell, rule by rule, what becomes of some packets in one namespace.
///
/// Of several descriptions a packet has to meet one, where it comes in.
///
/// While it lives there is a table `gabion-trace` in the namespace. The table goes with the tracer, and with the process.
package final class PacketTracer: Sendable {
    /// The name of the table.
    package static let tableName = TraceTable.name

    private let listener: NetlinkSocket
    /// The socket that owns the table: nothing else happens on it.
    private let owner: Mutex<NetlinkSocket>

    /// - Throws: `NetlinkError` with `.exists` or `.notPermitted` when another trace runs in the namespace.
    package init(_ packets: [TracedPackets], in namespace: NamespaceReference) throws {
        let told = try NetlinkSocket(.netfilter, in: namespace)
        // Listening comes first: nothing of the first packet is missed.
        try told.join([UInt32(NFNLGRP_NFTRACE.rawValue)])
        var socket = try NetlinkSocket(.netfilter, in: namespace)
        let errors = try socket.exchange(TraceTable(packets: packets).batch).errors
        if let refusal = errors.compactMap(\.self).first { throw refusal }
        listener = told
        owner = Mutex(socket)
    }

    /// The kernel would take the table away when the socket closes, but that may be later than now: a program that is being
    /// started elsewhere in this process holds a copy of the socket until it runs.
    deinit {
        owner.withLock { socket in _ = try? socket.exchange(TraceTable.removal) }
    }

    /// What the kernel told since the last call, without waiting; nil when some of it is lost.
    package func events() throws -> [TraceEvent]? {
        try listener.notifications().map { $0.compactMap { TraceEvent($0) } }
    }
}
