import CLinux
package import LinuxSystem
package import NetworkTypes
import Synchronization

/// The connection table of one network namespace, by ctnetlink.
package final class Conntrack: Sendable {
    package let namespace: NamespaceReference
    private let socket: Mutex<NetlinkSocket>

    package init(in namespace: NamespaceReference = .current) throws {
        self.namespace = namespace
        socket = Mutex(try NetlinkSocket(.netfilter, in: namespace))
    }

    /// All entries now, of one family or (nil) of both.
    package func entries(_ family: IPAddress.Family? = nil) throws -> [ConntrackEntry] {
        let request = Self.message(IPCTNL_MSG_CT_GET.rawValue, family)
        return try named("list") { socket in try socket.dump(request).compactMap { ConntrackEntry($0.payload) } }
    }

    /// Those of one family and protocol.
    ///
    /// The kernel chooses (since 5.8): a table full of others costs it a walk, and nobody their reading.
    package func entries(_ family: IPAddress.Family, of transport: TransportProtocol) throws -> [ConntrackEntry] {
        var request = Self.message(IPCTNL_MSG_CT_GET.rawValue, family)
        request.payload.nest(CTA_TUPLE_ORIG.rawValue) { tuple in
            tuple.nest(CTA_TUPLE_PROTO.rawValue) { $0.put(CTA_PROTO_NUM.rawValue, transport.number(family)) }
        }
        request.payload.nest(CTA_FILTER.rawValue) { filter in
            // CTA_FILTER_F_CTA_PROTO_NUM, which no header tells: of the original direction the protocol alone counts.
            filter.put(CTA_FILTER_ORIG_FLAGS.rawValue, UInt32(1 << 3))
            filter.put(CTA_FILTER_REPLY_FLAGS.rawValue, UInt32(0))
        }
        return try named("list") { socket in try socket.dump(request).compactMap { ConntrackEntry($0.payload) } }
            .filter { $0.original.ipProtocol == transport.number(family) }
    }

    /// Each entry of both families, one by one and without haste: `rest` is how many times as long as it works the
    /// calling thread sleeps.
    ///
    /// For readers that must not disturb: a table of a hundred thousand costs a tenth of a second at once otherwise, and
    /// its whole list's memory.
    package func visitEntries(rest: Int, _ visit: (ConntrackEntry) -> Void) throws {
        let request = Self.message(IPCTNL_MSG_CT_GET.rawValue, nil)
        // ctnetlink marks no dump as disturbed: what comes and goes meanwhile is seen or not, as in any dump of it.
        _ = try named("list") { socket in
            try socket.dump(request, rest: rest) { reply in
                if let entry = ConntrackEntry(reply.payload) { visit(entry) }
            }
        }
    }

    /// The number of entries, as the kernel counts them.
    package func count() throws -> Int {
        let request = Self.message(IPCTNL_MSG_CT_GET_STATS.rawValue, nil)
        let reply = try named("count") { socket in try socket.query(request) }
        let entries = reply?.payload.attributes(after: nfgenmsg.self)[CTA_STATS_GLOBAL_ENTRIES.rawValue]
        return Int(entries?.bigEndian(UInt32.self) ?? 0)
    }

    /// Removes an entry; false if it has gone already (or its tuple is a newer connection's).
    @discardableResult
    package func delete(_ entry: ConntrackEntry) throws -> Bool {
        try delete([entry]) == 1
    }

    /// Removes entries, many in one system call; returns how many were still there.
    ///
    /// All are tried.
    @discardableResult
    package func delete(_ entries: [ConntrackEntry]) throws -> Int {
        if entries.isEmpty { return 0 }
        let requests = entries.map { entry in
            var request = Self.message(IPCTNL_MSG_CT_DELETE.rawValue, entry.original.source.family)
            entry.write(to: &request.payload)
            return request
        }
        let results = try named("delete entries of") { socket in try socket.transact(requests) }
        var removed = 0
        for (entry, refusal) in zip(entries, results) {
            switch refusal {
            case nil: removed += 1
            case let refusal? where refusal.number == .notFound: continue
            case let refusal?: throw ConntrackError(what: "delete \(entry)", refusal: refusal, namespace: namespace)
            }
        }
        return removed
    }

    /// Removes the entries that `isDoomed` chooses, and returns them.
    @discardableResult
    package func flush(
        _ family: IPAddress.Family? = nil, where isDoomed: (ConntrackEntry) throws -> Bool
    ) throws -> [ConntrackEntry] {
        let doomed = try entries(family).filter(isDoomed)
        try delete(doomed)
        return doomed
    }

    private func named<Result>(_ what: String, _ body: (inout NetlinkSocket) throws -> sending Result) throws -> Result
    {
        do {
            return try socket.withLock { socket in try body(&socket) }
        } catch let error as NetlinkError {
            throw ConntrackError(what: "\(what) the connection table", refusal: error, namespace: namespace)
        }
    }

    private static func message(_ type: UInt32, _ family: IPAddress.Family?) -> NetlinkMessage {
        let number: UInt8 = family.map { $0 == .v4 ? 2 : 10 } ?? 0
        return NetlinkMessage(
            type: UInt32(NFNL_SUBSYS_CTNETLINK) << 8 | type,
            payload: NetlinkWriter(header: nfgenmsg(nfgen_family: number, version: 0, res_id: 0)))
    }
}
