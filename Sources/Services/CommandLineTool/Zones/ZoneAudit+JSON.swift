import APIMachinery
import PolicyEngine

/// The audit for programs: one JSON object with members in a fixed order.
extension ZoneAudit {
    package var json: String {
        let pairs = proof.pairs.map { pair in
            JSONText.object([
                ("from", pair.from.map(JSONText.string) ?? "null"), ("to", pair.to.map(JSONText.string) ?? "null"),
                ("asked", String(pair.questions)), ("denied", String(pair.denied)),
                ("disagreements", ZoneReport.texts(pair.disagreements)),
            ])
        }
        let marks = report.holes.map { hole in
            JSONText.object([
                ("zone", JSONText.string(hole.zone)), ("hole", JSONText.string(hole.name)),
                ("expiry", JSONText.string(mark(hole))),
            ])
        }
        return JSONText.object(
            report.jsonMembers + [
                ("expiry", ZoneReport.array(marks)), ("changes", ZoneReport.array(changesJSON)),
                ("auditLog", log?.json ?? "null"),
                ("limits", JSONText.string(log == nil ? ZoneChanges.limits : ZoneLog.limits)),
                ("proof", ZoneReport.array(pairs)),
                ("proofIsCut", proof.isCut ? "true" : "false"),
            ]) + "\n"
    }

    /// Of the zones that are there, then of those that are not.
    private var changesJSON: [String] {
        let present = zip(report.zones, changes).map { zone, changes in
            Self.json(zone.name, changes.lines(hasLog: log != nil), log?.section(of: zone.name))
        }
        let past = (log?.sections(besides: report.zones.map(\.name)) ?? []).compactMap { section in
            section.zone.map { Self.json($0, [], section) }
        }
        return present + past
    }

    private static func json(_ zone: String, _ recorded: [String], _ section: ZoneLog.Section?) -> String {
        JSONText.object([
            ("zone", JSONText.string(zone)), ("isPresent", section?.isPresent == false ? "false" : "true"),
            ("recorded", ZoneReport.texts(recorded)), ("requests", section.map { ZoneLog.array($0.changes) } ?? "null"),
            ("unexplained", ZoneReport.texts(section?.unexplained ?? [])),
        ])
    }
}
