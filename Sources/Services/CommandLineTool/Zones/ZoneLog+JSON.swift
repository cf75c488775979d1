import APIMachinery
import AuditTrail
import ClusterAPI

/// The changes of zones for programs.
extension ZoneLog {
    /// What was read.
    var json: String {
        JSONText.object([
            ("files", ZoneReport.texts(files)), ("events", String(trail.eventCount)),
            ("from", trail.span.map { JSONText.string($0.lowerBound.microText) } ?? "null"),
            ("to", trail.span.map { JSONText.string($0.upperBound.microText) } ?? "null"),
            ("foreignLines", String(trail.foreignLines)),
            ("firstForeignLine", trail.firstForeign.map(JSONText.string) ?? "null"),
            ("otherStages", String(trail.otherStages)), ("dryRuns", String(trail.dryRuns)),
            ("unrecordedNodeWrites", String(history.silentNodeWrites)),
            ("members", Self.array(history.moves)), ("unnamed", Self.array(history.unnamed)),
        ])
    }

    static func array(_ changes: [RecordedChange]) -> String { ZoneReport.array(changes.map(json)) }

    private static func json(_ change: RecordedChange) -> String {
        let request = change.request
        return JSONText.object([
            ("time", JSONText.string(request.time.microText)), ("object", JSONText.string(change.subject)),
            ("verb", JSONText.string(request.verb)), ("user", JSONText.string(request.user)),
            ("impersonatedUser", request.impersonated.map(JSONText.string) ?? "null"),
            ("program", JSONText.string(request.program)), ("sources", ZoneReport.texts(request.sources)),
            ("peer", request.peer.map(JSONText.string) ?? "null"),
            ("code", request.code == 0 ? "null" : String(request.code)), ("changes", ZoneReport.texts(change.words)),
        ])
    }
}
