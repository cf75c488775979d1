package import ClusterAPI
import Logging
import Synchronization

/// Writes core/v1 Events about objects.
///
/// Recording never waits and never fails; `run()` does the writing.
///
/// An event that repeats (same object, type, reason and message) raises `count` on the one that is there.
package final class EventRecorder: Sendable {
    package enum Kind: String, Sendable {
        case normal = "Normal"
        case warning = "Warning"
    }

    private struct Occurrence: Hashable, Sendable {
        var object: ObjectReference
        var kind: Kind
        var reason: String
        var message: String
    }

    private struct Written {
        var name: String
        var count: Int
    }

    private let client: KubernetesClient
    private let source: EventSource
    private let wallClock: @Sendable () -> Timestamp
    private let queue: AsyncStream<Occurrence>
    private let entry: AsyncStream<Occurrence>.Continuation
    private static let memory = 1_000

    package init(
        client: KubernetesClient, component: String, host: String? = nil,
        wallClock: @escaping @Sendable () -> Timestamp = Timestamp.now
    ) {
        self.client = client
        source = EventSource(component: component, host: host)
        self.wallClock = wallClock
        (queue, entry) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1_000))
    }

    /// Queues an event.
    ///
    /// When more than 1,000 wait, the oldest are lost, with a log line.
    package func record(_ kind: Kind, about object: ObjectReference, reason: String, message: String) {
        let occurrence = Occurrence(object: object, kind: kind, reason: reason, message: message)
        if case .dropped(let lost) = entry.yield(occurrence) {
            client.logger.warning("event lost", metadata: ["reason": "\(lost.reason)", "message": "\(lost.message)"])
        }
    }

    package func record<Object: APIObject>(_ kind: Kind, about object: Object, reason: String, message: String) {
        record(kind, about: ObjectReference(to: object), reason: reason, message: message)
    }

    /// Writes what is recorded until the task is cancelled.
    package func run() async {
        var written: [Occurrence: Written] = [:]
        for await occurrence in queue {
            do {
                if written.count >= Self.memory { written.removeAll() }
                written[occurrence] = try await write(occurrence, after: written[occurrence])
            } catch is CancellationError {
                return
            } catch {
                written[occurrence] = nil
                client.logger.warning(
                    "event not written", metadata: ["reason": "\(occurrence.reason)", "error": "\(error)"])
            }
        }
    }

    private func write(_ occurrence: Occurrence, after earlier: Written?) async throws -> Written {
        let namespace = occurrence.object.namespace ?? "default"
        let now = wallClock()
        if let earlier {
            let count = earlier.count + 1
            let change: JSONValue = ["count": .int(Int64(count)), "lastTimestamp": .string(now.seconds)]
            do {
                try await client.patch(Event.self, earlier.name, in: namespace, with: .merge(change))
                return Written(name: earlier.name, count: count)
            } catch let error where error.apiFailure?.isNotFound == true {
                client.logger.debug("the event has expired", metadata: ["name": "\(earlier.name)"])
            }
        }
        let name = Self.name(for: occurrence.object, at: now)
        var event = Event(
            metadata: ObjectMeta(name: name, namespace: namespace), involvedObject: occurrence.object,
            reason: occurrence.reason, message: occurrence.message, type: occurrence.kind.rawValue)
        event.source = source
        event.firstTimestamp = now.seconds
        event.lastTimestamp = now.seconds
        event.count = 1
        try await client.create(event)
        return Written(name: name, count: 1)
    }

    /// The object's name and the time in hexadecimal, as client-go names events, with chance against two in one moment.
    private static func name(for object: ObjectReference, at now: Timestamp) -> String {
        let suffix = String(now.microsecondsSince1970, radix: 16) + String(UInt16.random(in: 0...(.max)), radix: 16)
        return "\((object.name ?? "object").prefix(200)).\(suffix)"
    }
}

extension ObjectReference {
    package init<Object: APIObject>(to object: Object) {
        self.init(
            apiVersion: Object.resource.apiVersion, kind: Object.resource.kind, namespace: object.metadata.namespace,
            name: object.metadata.name)
        uid = object.metadata.uid
    }
}
