import APIMachinery
import AuditTrail

/// The changes of zones for a terminal, in 80 columns.
extension ZoneLog {
    /// The lines below a section's title.
    func lines(_ section: Section) -> [String] {
        var lines: [String] = []
        for change in section.changes {
            let subject = section.zone == nil ? "\(change.subject): " : ""
            lines += TextWrap.lines(subject + change.head, indent: 2, breaksWords: true)
            let program = TextWrap.cut(change.program, 120)
            lines += TextWrap.lines("with \(program) from \(change.source)", indent: 6, breaksWords: true)
            lines += change.words.flatMap(Self.item)
        }
        if section.isPresent, lines.isEmpty { lines = ["  no change of it is in the audit log"] }
        if let first = section.unexplained.first {
            lines += TextWrap.lines("NOT EXPLAINED by the log: \(first)", indent: 2)
            lines += section.unexplained.dropFirst().flatMap(Self.item)
        }
        return lines
    }

    /// `- words`, gone on below the words.
    private static func item(_ words: String) -> [String] {
        TextWrap.lines(words, indent: 6, breaksWords: true).enumerated().map { index, line in
            index == 0 ? "    - " + line.dropFirst(6) : line
        }
    }
}
