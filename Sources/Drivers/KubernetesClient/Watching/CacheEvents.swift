import ClusterAPI
import Logging

/// A collection of the API as an endless sequence of changes: list, watch, reconnect, list again when needed.
///
/// Never throws and ends only when the task is cancelled. There is no background task: the work happens in `next()`,
/// and a consumer that is slow holds back its own connection and nobody else's. Each iterator is a watch of its own.
package struct CacheEvents<Object: Decodable & Sendable>: AsyncSequence, Sendable {
    package typealias Element = CacheEvent<Object>
    package typealias Failure = Never

    let client: KubernetesClient
    /// The kind, in the version to prefer and in older ones for servers without it.
    let resources: [ResourceType]
    let namespace: String?
    let options: ListOptions
    let timing: WatchTiming

    package func makeAsyncIterator() -> Iterator { Iterator(source: self) }

    package struct Iterator: AsyncIteratorProtocol {
        package typealias Element = CacheEvent<Object>
        package typealias Failure = Never

        private enum Phase {
            case listing
            case connecting
            case streaming(WatchEvents<Object>.Iterator, since: ContinuousClock.Instant)
        }

        private let source: CacheEvents
        private var phase = Phase.listing
        private var resourceVersion = ""
        /// The version that the last list came from.
        private var resource: ResourceType
        private var backoff: Backoff
        private var isDisconnected = false
        private var pendingPause: Duration?
        /// True while the server does not have the kind, and the consumer knows.
        private var isMissing = false

        fileprivate init(source: CacheEvents) {
            self.source = source
            resource = source.resources[0]
            backoff = Backoff(initial: source.timing.initialPause, limit: source.timing.longestPause)
        }

        package mutating func next() async -> CacheEvent<Object>? {
            await next(isolation: #isolation)
        }

        package mutating func next(
            isolation actor: isolated (any Actor)?
        ) async -> CacheEvent<Object>? {
            while !Task.isCancelled {
                do {
                    if let pause = pendingPause {
                        pendingPause = nil
                        try await Task.sleep(for: pause)
                    }
                    if let event = try await step(isolation: actor) { return event }
                } catch is CancellationError {
                    return nil
                } catch {
                    if let event = recover(from: error) { return event }
                }
            }
            return nil
        }

        /// One list, one connection, or one event of the watch.
        private mutating func step(isolation actor: isolated (any Actor)?) async throws -> CacheEvent<Object>? {
            switch phase {
            case .listing:
                let list: ObjectList<Object>
                (list, resource) = try await source.client.collect(
                    source.resources, in: source.namespace, options: source.options)
                resourceVersion = list.resourceVersion
                isDisconnected = false
                isMissing = false
                phase = .connecting
                return .replaced(list.items, unreadable: list.unreadable)
            case .connecting:
                var stream = source.watch(resource, from: resourceVersion).makeAsyncIterator()
                try await stream.connect(isolation: actor)
                phase = .streaming(stream, since: .now)
                guard isDisconnected else { return nil }
                isDisconnected = false
                return .resumed
            case .streaming(var stream, let since):
                phase = .connecting
                guard let event = try await stream.next(isolation: actor) else {
                    // A server that ends every watch at once must not be asked in a tight loop.
                    if ContinuousClock.now - since < .seconds(1) { pendingPause = backoff.pause() }
                    return nil
                }
                phase = .streaming(stream, since: since)
                if !event.isFailure { backoff.reset() }
                return try translate(event)
            }
        }

        private mutating func translate(_ event: WatchEvent<Object>) throws -> CacheEvent<Object>? {
            switch event {
            case .added(let object, let version), .modified(let object, let version):
                resourceVersion = version
                return .upserted(object)
            case .deleted(let object, let version):
                resourceVersion = version
                return .deleted(object)
            case .unreadable(let object, let version):
                resourceVersion = version
                return .unreadable(object)
            case .bookmark(let version):
                resourceVersion = version
                return nil
            case .failed(let status):
                phase = .connecting
                throw KubernetesError.refused(
                    APIFailure(
                        method: "GET", path: resource.path(namespace: source.namespace), status: status,
                        retryAfter: nil))
            }
        }

        /// There is no such kind at the moment.
        private mutating func miss(until pause: Duration, _ error: any Error) -> CacheEvent<Object>? {
            phase = .listing
            pendingPause = pause
            if isMissing, !isDisconnected { return nil }
            isMissing = true
            isDisconnected = false
            source.log("the server does not have this kind", error)
            return .missing
        }

        /// Decides where to go on after a failure, and reports the first failure of an outage.
        private mutating func recover(from error: any Error) -> CacheEvent<Object>? {
            if let pause = source.timing.missingPause, error.apiFailure?.isNotFound == true {
                return miss(until: pause, error)
            }
            // An upgrade of the server may have taken an older version away.
            let isWithdrawn = source.resources.count > 1 && error.apiFailure?.isNotFound == true
            let hasGap = error.apiFailure?.isGone == true || isWithdrawn
            if hasGap, case .connecting = phase {
                phase = .listing
                // A history that is shorter than a list takes would make this a loop without end.
                pendingPause = backoff.pause()
                source.log("the watch is behind, listing again", error)
                return nil
            }
            if case .listing = phase {
            } else {
                phase = (error as? KubernetesError)?.isUnreadable == true ? .listing : .connecting
            }
            pendingPause = Swift.min(error.apiFailure?.retryAfter ?? backoff.pause(), .seconds(30))
            if isDisconnected { return nil }
            isDisconnected = true
            source.log("contact lost, reconnecting", error)
            return .disconnected(reason: "\(error)")
        }
    }

    fileprivate func watch(_ resource: ResourceType, from resourceVersion: String) -> WatchEvents<Object> {
        client.watchEvents(
            resource, in: namespace, from: resourceVersion, options: options,
            timeout: timing.watchTimeout * Double.random(in: 0.8...1))
    }

    fileprivate func log(_ message: Logger.Message, _ error: any Error) {
        client.logger.info(
            message, metadata: ["resource": "\(resources[0].plural)", "error": "\(error)"])
    }
}
