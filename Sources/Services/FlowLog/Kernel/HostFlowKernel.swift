import ConntrackDriver
import DatapathCompiler
package import FlowModel
package import LinuxSystem
package import NFLogDriver
import NFTables
import NFTablesDriver
import Synchronization

/// The kernel of one network namespace.
package final class HostFlowKernel: FlowKernel {
    private let namespace: NamespaceReference
    private let tables: NFTablesDriver
    private let conntrack: Conntrack
    private let listener = Mutex<NFLogListener?>(nil)

    package init(in namespace: NamespaceReference = .current) throws {
        self.namespace = namespace
        tables = NFTablesDriver(in: namespace)
        conntrack = try Conntrack(in: namespace)
    }

    @concurrent package func packets() async throws -> NFLogListener.Batch {
        let current = try listener.withLock { current in
            let listener = try current ?? NFLogListener(group: LogRules.group, in: namespace)
            current = listener
            return listener
        }
        do {
            return try current.receive()
        } catch {
            // Another is made by the next call.
            listener.withLock { $0 = nil }
            throw error
        }
    }

    @concurrent package func connections(
        where isWanted: @escaping @Sendable (FlowKey) -> Bool
    ) async throws -> [ConnectionReport] {
        let conntrack = conntrack
        // On a thread of its own, which may sleep: changes of policy must not wait for a core meanwhile.
        return try await DedicatedThread.run {
            var reports: [ConnectionReport] = []
            try conntrack.visitEntries(rest: 4) { entry in
                let key = FlowKey(entry)
                if isWanted(key) { reports.append(ConnectionReport(entry, key)) }
            }
            return reports
        }
    }

    @concurrent package func counters() async throws -> [String: UInt64] {
        var counters: [String: UInt64] = [:]
        for (name, counter) in try await tables.readCounters(.inet, KernelNames.table)
        where name == LogRules.newConnections || KernelNames.Drop(rawValue: name.text) != nil {
            counters[name.text] = counter.packets
        }
        return counters
    }
}

extension FlowKey {
    /// By a connection's true ends: the source before translation, the destination after it.
    init(_ entry: ConntrackEntry) {
        self.init(
            ipProtocol: entry.original.ipProtocol, source: entry.original.source, destination: entry.reply.source)
        switch (entry.original.detail, entry.reply.detail) {
        case (.ports(let source, _), .ports(let destination, _)):
            sourcePort = source
            destinationPort = destination
        case (.icmp(let type, _, let id), _): setICMP(type: type, id: id)
        default: break
        }
    }
}

extension ConnectionReport {
    init(_ entry: ConntrackEntry, _ key: FlowKey) {
        let isOver: Bool
        switch entry.tcpState {
        case .timeWait, .close: isOver = true
        default: isOver = false
        }
        self.init(
            key: key, id: entry.id, isOver: isOver,
            forward: entry.originalCounter.map { FlowRecord.Traffic(packets: $0.packets, bytes: $0.bytes) },
            backward: entry.replyCounter.map { FlowRecord.Traffic(packets: $0.packets, bytes: $0.bytes) },
            start: entry.start.map { Int64(clamping: $0 / 1000) })
        mark = entry.mark
        sentAs = entry.reply.destination
    }
}
