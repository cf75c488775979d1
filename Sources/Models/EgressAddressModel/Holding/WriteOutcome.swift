package import ClusterAPI

/// How a write that depends on a version ended.
package enum WriteOutcome: Hashable, Sendable {
    case done(EgressNode)
    /// It was certainly not done: another version, or it was never sent.
    ///
    /// With the present state if that was read since.
    case refused(EgressNode?)
    /// It may be done, or be done yet.
    case unknown
}
