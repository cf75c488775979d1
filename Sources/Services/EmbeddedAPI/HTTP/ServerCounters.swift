import Synchronization

/// What `/metrics` tells about the server itself.
package final class ServerCounters: Sendable {
    private let requests = Atomic<UInt64>(0)
    private let watches = Atomic<Int>(0)
    private let lostWatches = Atomic<UInt64>(0)
    private let auditLines = Atomic<UInt64>(0)
    private let lostAuditLines = Atomic<UInt64>(0)

    package init() {}

    /// The watches that are open.
    package var openWatches: Int { watches.load(ordering: .relaxed) }
    /// The watches that ended because their client was slower than the history is long.
    package var lostWatchCount: UInt64 { lostWatches.load(ordering: .relaxed) }

    func requestArrived() { requests.add(1, ordering: .relaxed) }
    func watchStarted() { watches.add(1, ordering: .relaxed) }
    func watchEnded() { watches.subtract(1, ordering: .relaxed) }
    func watchLost() { lostWatches.add(1, ordering: .relaxed) }
    func auditLineWritten() { auditLines.add(1, ordering: .relaxed) }
    func auditLineLost() { lostAuditLines.add(1, ordering: .relaxed) }

    /// The Prometheus text format.
    func text(revision: UInt64) -> String {
        """
        # TYPE gabion_apiserver_requests_total counter
        gabion_apiserver_requests_total \(requests.load(ordering: .relaxed))
        # TYPE gabion_apiserver_watches gauge
        gabion_apiserver_watches \(openWatches)
        # TYPE gabion_apiserver_watches_lost_total counter
        gabion_apiserver_watches_lost_total \(lostWatchCount)
        # TYPE gabion_apiserver_audit_lines_total counter
        gabion_apiserver_audit_lines_total \(auditLines.load(ordering: .relaxed))
        # TYPE gabion_apiserver_audit_lines_lost_total counter
        gabion_apiserver_audit_lines_lost_total \(lostAuditLines.load(ordering: .relaxed))
        # TYPE gabion_apiserver_storage_revision gauge
        gabion_apiserver_storage_revision \(revision)

        """
    }
}
