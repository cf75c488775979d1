/// Whether the Leases that nodes renew by the API have changed lately, by the clock of who looks.
///
/// The Lease is looked at after the EgressNode was read, upon whose version the decision is written.
package struct LeaseSilence: Sendable {
    private var seen: [String: (version: String, since: Int64)] = [:]

    package init() {}

    /// True if the node's Lease has been this version for so long.
    ///
    /// - Parameter version: the Lease's, read now; empty when there is none.
    package mutating func isSilent(_ node: String, version: String, at now: Int64, for silence: Int64) -> Bool {
        if let known = seen[node], known.version == version { return now - known.since >= silence }
        seen[node] = (version, now)
        return false
    }

    package mutating func forget(_ node: String) { seen[node] = nil }
}
