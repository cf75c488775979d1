/// What a mirror of a collection has to do to stay equal to the API.
package enum CacheEvent<Object: Sendable>: Sendable {
    /// The whole collection: forget everything else. The first event, and again after a gap that could not be bridged.
    ///
    /// Objects of it that cannot be decoded are part of it: who takes the others for everything would for a moment miss
    /// a policy that exists.
    case replaced([Object], unreadable: [UnreadableObject] = [])
    case upserted(Object)
    /// The object's last state.
    case deleted(Object)
    /// The object changed and cannot be decoded: what was known of it no longer holds. Never silently skip it.
    case unreadable(UnreadableObject)
    /// Contact is lost; reconnecting has begun. The mirror is still what the API was then. Reported once per outage.
    case disconnected(reason: String)
    /// The server does not have the kind, or no longer (404): asked for again and again. Only with
    /// `WatchTiming.missingPause`. Who knows no objects of it has none; who knows some keeps them: whoever takes a kind
    /// away while objects of it are known has not said that they are gone.
    case missing
    /// Contact is back and nothing was missed: follows `disconnected` unless `replaced` does.
    case resumed
}

extension CacheEvent: Equatable where Object: Equatable {}
