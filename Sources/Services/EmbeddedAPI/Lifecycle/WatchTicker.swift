import ServiceLifecycle

/// Wakes every watch twice a second, for timeouts and bookmarks.
struct WatchTicker: Service {
    let bells: WatchBells

    func run() async throws {
        await cancelWhenGracefulShutdown {
            // The sleep ends early, with an error, when the server stops.
            while (try? await Task.sleep(for: .milliseconds(500))) != nil { bells.ringAll() }
        }
    }
}
