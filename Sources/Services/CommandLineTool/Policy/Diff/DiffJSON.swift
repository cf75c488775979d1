import ClusterAPI
import PolicyAnalysis

/// The changes for programs.
enum DiffJSON {
    static func text(_ report: DiffReport) throws -> String {
        try ObjectText.json([
            "changes": .array(report.diff.changes.map { json($0, report) }),
            "podsOnlyInNew": .array(report.diff.pods(.onlyNew).map { .string($0.description) }),
            "podsOnlyInOld": .array(report.diff.pods(.onlyOld).map { .string($0.description) }),
        ])
    }

    private static func json(_ change: ConnectivityChange, _ report: DiffReport) -> JSONValue {
        [
            "effect": .string(change.effect.rawValue), "cause": .string(change.cause.rawValue),
            "from": end(change.groups.from, report), "to": end(change.groups.to, report),
            "families": change.families.json, "ports": change.ports.json, "before": .string(change.before),
            "after": .string(change.after),
        ]
    }

    private static func end(_ groups: [Int], _ report: DiffReport) -> JSONValue {
        let members = groups.flatMap { report.diff.groups[$0].members }
        return [
            "name": .string(report.diff.name(of: groups)), "members": .array(members.map { .string($0.title) }),
        ]
    }
}
