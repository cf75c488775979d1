import APIMachinery
import ClusterAPI
import Logging
import NIOCore
import ServiceLifecycle

/// One watch: the changes of a selection from a revision on, as JSON lines.
struct WatchSession: Sendable {
    let store: ObjectStore
    let selection: ObjectSelection
    let rendering: ObjectRendering
    /// Starts with the present objects as ADDED for nil, else after this revision.
    let start: UInt64?
    let sendsBookmarks: Bool
    /// Ends the present objects with a bookmark that says so (the WatchList protocol).
    let marksInitialEnd: Bool
    let timeout: Duration
    let counters: ServerCounters
    let logger: Logger

    private static let bookmarkInterval = Duration.seconds(30)
    /// Events are gathered up to this size before they are written.
    private static let writeSize = 64 * 1024

    private struct Progress {
        var cursor: UInt64 = 0
        var isFirst = true
        var lastBookmark = ContinuousClock.now
    }

    /// Writes until the client leaves, the time is over, the history is lost or the server stops.
    @concurrent func run(_ write: @concurrent (ByteBuffer) async throws -> Void) async throws {
        counters.watchStarted()
        defer { counters.watchEnded() }
        let bell = store.bells.listen(to: rendering.resource.qualifiedPlural)
        defer { bell.stop() }
        try await withGracefulShutdownHandler {
            let deadline = ContinuousClock.now + timeout
            var progress = Progress()
            try await begin(&progress, write)
            var rings = bell.rings.makeAsyncIterator()
            while true {
                // After a lost history the 410 is the last word: a bookmark would name a version that is gone.
                guard try await advance(&progress, write) else { return }
                guard ContinuousClock.now < deadline, await rings.next() != nil else { break }
            }
            if sendsBookmarks, !Task.isCancelled { try await write(bookmark(progress.cursor)) }
        } onGracefulShutdown: {
            bell.stop()
        }
    }

    @concurrent private func begin(
        _ progress: inout Progress, _ write: @concurrent (ByteBuffer) async throws -> Void
    ) async throws {
        if let start {
            progress.cursor = start
            return
        }
        let list = store.list(rendering.resource.qualifiedPlural, namespace: selection.namespace)
        var lines = ByteBuffer()
        for object in list.objects where selection.matches(object) {
            try append("ADDED", object, to: &lines, &progress)
            if lines.readableBytes >= Self.writeSize {
                try await write(lines)
                lines.clear()
            }
        }
        progress.cursor = list.revision
        if marksInitialEnd { lines.writeImmutableBuffer(bookmark(list.revision, isInitialEnd: true)) }
        if lines.readableBytes > 0 { try await write(lines) }
    }

    /// Writes everything up to the present; false when the watch has ended.
    @concurrent private func advance(
        _ progress: inout Progress, _ write: @concurrent (ByteBuffer) async throws -> Void
    ) async throws -> Bool {
        while true {
            let page = store.events(of: rendering.resource.qualifiedPlural, after: progress.cursor)
            guard case .events(let events, let next) = page else {
                try await write(lost(page, at: progress.cursor))
                return false
            }
            var lines = ByteBuffer()
            for event in events {
                try append(event, to: &lines, &progress)
                if lines.readableBytes >= Self.writeSize {
                    try await write(lines)
                    lines.clear()
                }
            }
            let isIdle = ContinuousClock.now - progress.lastBookmark >= Self.bookmarkInterval
            progress.cursor = next
            if sendsBookmarks, isIdle {
                progress.lastBookmark = .now
                lines.writeImmutableBuffer(bookmark(next))
            }
            if lines.readableBytes > 0 { try await write(lines) }
            if events.isEmpty { return true }
        }
    }

    /// What the change means to this selection: an object that begins to match is added, one that ceases is deleted.
    private func append(_ event: StoreEvent, to lines: inout ByteBuffer, _ progress: inout Progress) throws {
        let isIn = event.kind != .deleted && selection.matches(event.object)
        let wasIn = event.previous.map(selection.matches) ?? false
        switch (wasIn, isIn) {
        case (false, false): return
        case (false, true): try append("ADDED", event.object, to: &lines, &progress)
        case (true, true): try append("MODIFIED", event.object, to: &lines, &progress)
        case (true, false):
            // The last matching state, stamped with the revision at which it went.
            var last = event.object
            if event.kind != .deleted, let previous = event.previous {
                last = StoredObject(key: previous.key, revision: event.revision, stamping: try previous.document)
            }
            try append("DELETED", last, to: &lines, &progress)
        }
    }

    private func append(
        _ type: String, _ object: StoredObject, to lines: inout ByteBuffer, _ progress: inout Progress
    ) throws {
        lines.writeString("{\"type\":\"\(type)\",\"object\":")
        lines.writeImmutableBuffer(try rendering.eventBytes(object, isFirst: progress.isFirst))
        lines.writeString("}\n")
        progress.isFirst = false
    }

    private func bookmark(_ revision: UInt64, isInitialEnd: Bool = false) -> ByteBuffer {
        var metadata: JSONValue = ["resourceVersion": .string(String(revision)), "creationTimestamp": .null]
        if isInitialEnd { metadata["annotations"] = ["k8s.io/initial-events-end": "true"] }
        let object: JSONValue = [
            "kind": .string(rendering.resource.kind), "apiVersion": .string(rendering.version.apiVersion),
            "metadata": metadata,
        ]
        return Self.line("BOOKMARK", object)
    }

    /// The client fell behind the history, or started before it: it must list anew.
    private func lost(_ page: ObjectStore.EventPage, at cursor: UInt64) -> ByteBuffer {
        guard case .gone(let oldest) = page else { return ByteBuffer() }
        counters.watchLost()
        logger.warning(
            "a watch of \(rendering.resource.qualifiedPlural) lost the history: at \(cursor), oldest kept \(oldest)")
        return Self.line("ERROR", APIStatus.tooOldResourceVersion(cursor, oldest: oldest).document)
    }

    private static func line(_ type: String, _ object: JSONValue) -> ByteBuffer {
        ByteBuffer(bytes: JSONText.encode(["type": .string(type), "object": object]) + [0x0A])
    }
}
