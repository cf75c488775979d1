import ClusterAPI
import KubernetesClient

extension KubernetesClient {
    /// Tells what comes and goes of a kind that statuses are made of, and rings after each event, until the task is cancelled.
    ///
    /// - Parameters:
    ///   - mayBeMissing: not every cluster has the kind; without it, there are none.
    ///   - note: the changes in order, and whether the whole list has been seen.
    func follow<Object: APIObject>(
        _ type: Object.Type, labelSelector: String? = nil, mayBeMissing: Bool, ringing bell: StatusBell,
        _ note: (_ changes: [KnownObjects<Object>.Change], _ isComplete: Bool) -> Void
    ) async {
        var timing = WatchTiming()
        if mayBeMissing { timing.missingPause = .seconds(30) }
        var known = KnownObjects<Object>()
        for await event in changes(of: type, labelSelector: labelSelector, timing: timing) {
            guard let changes = known.changes(by: event) else { continue }
            note(changes, known.isComplete)
            bell.ring()
        }
    }
}
