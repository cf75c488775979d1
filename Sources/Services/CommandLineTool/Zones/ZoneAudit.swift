import APIMachinery
import PolicyEngine

/// The evidence about zones for a reviewer: posture, holes, changes, conflicts, and the proof.
package struct ZoneAudit: Sendable {
    package let report: ZoneReport
    package let proof: ZoneProof
    /// In the order of the report's zones.
    package let changes: [ZoneChanges]
    /// What the API server's audit log says; nil when there is none to read.
    package let log: ZoneLog?

    /// A hole that ends within so many days is soon closed.
    static let soonDays: Int64 = 30

    package init(_ world: ZoneWorld, log: ZoneLog? = nil) {
        self.log = log
        report = ZoneReport(world)
        proof = ZoneProof(world)
        changes = world.zones.map { ZoneChanges($0.document) }
    }

    package var hasErrors: Bool { report.hasErrors || !proof.disagreements.isEmpty }

    /// `expired`, `expires in 12 days`, `no expiry`, or empty for one that is far away.
    func mark(_ hole: ZoneReport.Hole) -> String {
        switch hole.state {
        case .broken: return "BROKEN"
        case .expired: return "EXPIRED"
        case .open(until: nil): return "no expiry"
        case .open(until: let end?):
            let days = (end.microseconds - report.time.microseconds) / 86_400_000_000
            return days < Self.soonDays ? "SOON: in \(days) \(days == 1 ? "day" : "days")" : "in \(days) days"
        }
    }

    static func name(_ place: String?) -> String { place.map { "zone \($0)" } ?? ZoneReport.outside }

    package var text: String {
        let title = "Audit of network zones at \(report.time.text)\n\n"
        if report.zones.isEmpty, log == nil { return title + report.text }
        let marks = report.holes.map {
            "\($0.zone)/\($0.name): \(mark($0)); owner \($0.owner.isEmpty ? "-" : $0.owner)"
        }
        var rest = ["", "2. EXPIRY OF HOLES", ""]
        rest += marks.isEmpty ? ["  none"] : marks.flatMap { TextWrap.lines($0, indent: 2) }
        rest += ["", "3. WHO CHANGED WHAT", ""]
        rest += changeLines
        rest += ["", "4. PODS AND NODES THAT ARE NOT IN ONE ZONE", ""]
        let closed = Array(report.problemLines.prefix(report.conflicts.count + report.sharedNodes.count))
        rest += closed.isEmpty ? ["  none"] : closed.flatMap { TextWrap.lines($0, indent: 2) }
        return title + "1. POSTURE AND HOLES\n\n" + report.text
            + (rest + ["", "5. PROOF", ""] + proofLines).joined(separator: "\n") + "\n"
    }

    private var changeLines: [String] {
        var lines: [String] = []
        for (zone, changes) in zip(report.zones, changes) {
            lines.append("Zone \(zone.name)")
            lines += changes.lines(hasLog: log != nil).flatMap { TextWrap.lines($0, indent: 2) }
            if let log { lines += log.lines(log.section(of: zone.name)) }
        }
        guard let log else { return lines + TextWrap.lines(ZoneChanges.limits, indent: 0) }
        for section in log.sections(besides: report.zones.map(\.name)) {
            lines += TextWrap.lines(section.title, indent: 0, breaksWords: true) + log.lines(section)
        }
        return lines + log.summary.flatMap { TextWrap.lines($0, indent: 0, breaksWords: true) }
    }

    private var proofLines: [String] {
        let rows = proof.pairs.map { pair in
            [
                Self.name(pair.from), Self.name(pair.to), String(pair.questions), String(pair.denied),
                pair.questions == 0 ? "nobody to ask" : pair.disagreements.isEmpty ? "yes" : "NO",
            ]
        }
        let table = TextTable(header: ["FROM", "TO", "ASKED", "DENIED", "AGREES"], rows: rows).text
        var lines: [String] = table.split(separator: "\n").map(String.init)
        lines.append("")
        for line in proofSummary { lines += TextWrap.lines(line, indent: 0) }
        for line in proof.disagreements.prefix(20) { lines += TextWrap.lines(line, indent: 2) }
        return lines
    }

    /// What the proof comes to.
    var proofSummary: [String] {
        let questions = proof.questions
        let count = proof.disagreements.count
        let verdict =
            count == 0
            ? "The engine's verdicts agree with the zones in all \(questions) questions."
            : "The engine disagrees with the zones in \(count) of \(questions) questions:"
        return proof.isCut
            ? [verdict, "Of some zones only \(ZoneWitnesses.limit) kinds of members were asked about."] : [verdict]
    }
}
