import APIMachinery
package import AuditTrail
import ClusterAPI

/// What audit logs say about the zones of a world.
package struct ZoneLog: Sendable {
    package let files: [String]
    package let trail: AuditTrail
    package let history: ZoneHistory

    package init(_ trail: AuditTrail, files: [String], _ world: ZoneWorld) {
        self.files = files
        self.trail = trail
        let present = world.zones.map { ($0.zone.key.name, $0.document) }
        history = ZoneHistory(trail.requests, present: Dictionary(present) { first, _ in first })
    }

    /// A title and the changes below it; what no request of the log explains is the last line.
    struct Section {
        let title: String
        let zone: String?
        let isPresent: Bool
        let changes: [RecordedChange]
        var unexplained: [String] = []
    }

    /// Of zones that are not there any more, of members, and of what has no name.
    func sections(besides present: [String]) -> [Section] {
        var sections = history.pastZones(besides: present).map { name in
            Section(
                title: "Zone \(name), which is not there now", zone: name, isPresent: false,
                changes: history.zones[name] ?? [], unexplained: history.unexplained[name] ?? [])
        }
        for (title, changes) in [
            ("Namespaces and nodes that came to other zones", history.moves),
            ("Zones whose names are not recorded", history.unnamed),
        ] where !changes.isEmpty {
            sections.append(Section(title: title, zone: nil, isPresent: false, changes: changes))
        }
        return sections
    }

    func section(of zone: String) -> Section {
        Section(
            title: "Zone \(zone)", zone: zone, isPresent: true, changes: history.zones[zone] ?? [],
            unexplained: history.unexplained[zone] ?? [])
    }

    /// What was read, and what of it is no answer.
    var summary: [String] {
        let files = "The audit log: \(trail.eventCount.counting("event")) in \(self.files.joined(separator: ", "))"
        var lines = [files + (trail.span.map { ", from \($0.lowerBound.text) to \($0.upperBound.text)." } ?? ".")]
        if trail.foreignLines > 0 {
            lines.append(
                "\(trail.foreignLines.counting("line")) could not be read as events; the first: \(trail.firstForeign ?? "")"
            )
        }
        if trail.dryRuns > 0 {
            lines.append("Left out: \(trail.dryRuns.counting("write")) that were only tried (dry run).")
        }
        if history.silentNodeWrites > 0 {
            lines.append(
                "Of \(history.silentNodeWrites.counting("write")) of nodes it is not recorded whether labels changed."
            )
        }
        return lines + [Self.limits]
    }

    static let limits =
        "Users, times and results are as the API server recorded them; programs name themselves. What happened before the"
        + " first event, or with the log switched off, is not in it; what servers remove by themselves (dependents, the"
        + " content of a deleted namespace) has no line."
}

extension RecordedChange {
    /// `TIME VERB by USER: CODE`.
    var head: String {
        let time = request.time.text
        let result = request.code == 0 ? "no result recorded" : String(request.code)
        return "\(time) \(request.verb) by \(who): \(result)"
    }

    var who: String {
        let user = request.user.isEmpty ? "an unnamed user" : request.user
        return request.impersonated.map { "\(user) as \($0)" } ?? user
    }

    /// The address, or the process at the other end of the socket.
    var source: String {
        if !request.sources.isEmpty { return request.sources.joined(separator: ", ") }
        return request.peer.map { "the unix socket (\($0))" } ?? "an unknown place"
    }

    var program: String { request.program.isEmpty ? "an unnamed program" : request.program }
}
