import ServiceLifecycle

/// Wakes every watch twice a second, for timeouts and bookmarks.
struct WatchTicker: Service {
    let bells: WatchBells

    func run() async throws {
        try await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                try await Task.sleep(for: .milliseconds(500))
                bells.ringAll()
            }
        }
    }
}
