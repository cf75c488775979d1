import APIMachinery
import Logging
import NodeModel
import PolicyEngine

extension NodeAgent {
    /// Applies until the task is cancelled.
    ///
    /// The kernel keeps what it has when the agent ends.
    package func run() async {
        await withDiscardingTaskGroup { group in
            group.addTask { await self.applyLoop() }
            group.addTask { await self.observationLoop() }
            group.addTask { await self.lookLoop() }
            group.addTask { await self.noticeLoop() }
            group.addTask { await self.dropLoop() }
            group.addTask { await self.revocationLoop() }
            group.addTask { await self.troubleLoop() }
            group.addTask { await self.expiryLoop() }
            group.addTask { await self.nameLoop() }
        }
    }

    private func applyLoop() async {
        var retry = configuration.shortestRetry
        var last = clock.now - configuration.coalescing
        for await _ in wakeups {
            if clock.now - last < configuration.coalescing { try? await Task.sleep(for: configuration.coalescing) }
            let succeeded = await pass()
            last = clock.now
            if succeeded {
                retry = configuration.shortestRetry
            } else {
                try? await Task.sleep(for: retry)
                retry = min(retry * 2, configuration.longestRetry)
                wake()
            }
        }
    }

    /// Pods whose interfaces are in trouble are tried again from time to time.
    private func troubleLoop() async {
        while !Task.isCancelled {
            do { try await Task.sleep(for: configuration.longestRetry) } catch { return }
            if !failedInterfaces.isEmpty { wake() }
        }
    }

    /// Holes between zones close at their second, when no event tells of it.
    ///
    /// The clock is looked at once a second too: somebody may set it.
    private func expiryLoop() async {
        while !Task.isCancelled {
            var pause = Duration.seconds(1)
            if let next = model.nextExpiry {
                let left = next.microseconds - now().microseconds
                if left <= 0 { wake() }
                pause = .microseconds(min(max(left, 20_000), 1_000_000))
            }
            do { try await Task.sleep(for: pause) } catch { return }
        }
    }

    /// What others do to the kernel is put right at once.
    private func noticeLoop() async {
        while !Task.isCancelled {
            var pause = configuration.noticeInterval
            do {
                if try await kernel.wasChangedByOthers() {
                    pause = configuration.noticePause
                    lookRequest.yield()
                }
            } catch {
                logger.warning("others' changes of the kernel are not noticed", metadata: ["error": "\(error)"])
                pause = configuration.observationInterval
            }
            do { try await Task.sleep(for: pause) } catch { return }
        }
    }

    private func dropLoop() async {
        while !Task.isCancelled {
            do {
                drops = try await kernel.drops()
            } catch {
                logger.warning("the counters of drops cannot be read", metadata: ["error": "\(error)"])
            }
            do { try await Task.sleep(for: configuration.dropInterval) } catch { return }
        }
    }

    private func observationLoop() async {
        while !Task.isCancelled {
            do { try await Task.sleep(for: configuration.observationInterval) } catch { return }
            lookRequest.yield()
        }
    }
}
