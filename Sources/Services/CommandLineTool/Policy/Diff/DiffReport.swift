import ClusterAPI
import PolicyAnalysis

/// What changes between two clusters, for people, programs and reviewers.
package struct DiffReport: Sendable {
    let diff: ConnectivityDiff
    package let warnings: [String]

    package init(old: ClusterInput, new: ClusterInput) {
        diff = ConnectivityDiff(old: (old.engine, old.nodes), new: (new.engine, new.nodes))
        warnings = old.warnings.map { "old: " + $0 } + new.warnings.map { "new: " + $0 }
    }

    /// What changes in a cluster when everything that is staged in it is enforced.
    package init(staged cluster: ClusterInput) {
        let enforced = cluster.withStagedEnforced
        let new = enforced ?? cluster
        diff = ConnectivityDiff(old: (cluster.engine, cluster.nodes), new: (new.engine, new.nodes))
        warnings = cluster.warnings + (enforced == nil ? [VerdictReport.nothingStaged] : [])
    }

    var isEmpty: Bool { diff.changes.isEmpty }

    func changes(_ cause: ConnectivityChange.Cause) -> [ConnectivityChange] {
        diff.changes.filter { $0.cause == cause }
    }

    /// `2 changes of connectivity: 1 appears, 1 disappears`.
    func summary(_ changes: [ConnectivityChange]) -> String {
        let appearing = changes.count { $0.effect == .appears }
        let disappearing = changes.count - appearing
        let parts = [
            appearing > 0 ? "\(appearing) \(appearing == 1 ? "appears" : "appear")" : nil,
            disappearing > 0 ? "\(disappearing) \(disappearing == 1 ? "disappears" : "disappear")" : nil,
        ].compactMap(\.self)
        return "\(changes.count) \(changes.count == 1 ? "change" : "changes") of connectivity: "
            + parts.joined(separator: ", ")
    }

    /// `new pods: a/x, a/y; pods gone: b/z`; nil if all pods are in both.
    var podsNote: String? {
        let notes = [("new", ConnectivityDiff.Group.Presence.onlyNew), ("gone", .onlyOld)].compactMap {
            word, presence in
            let pods = diff.pods(presence)
            if pods.isEmpty { return String?.none }
            let more = pods.count > 5 ? " and \(pods.count - 5) more" : ""
            return "\(word): " + pods.prefix(5).map(\.description).joined(separator: ", ") + more
        }
        return notes.isEmpty ? nil : notes.joined(separator: "; ")
    }

    func from(_ change: ConnectivityChange) -> String { diff.name(of: change.groups.from) }
    func to(_ change: ConnectivityChange) -> String { diff.name(of: change.groups.to) }
    func ports(_ change: ConnectivityChange) -> String { change.ports.description + change.families.note }
}
