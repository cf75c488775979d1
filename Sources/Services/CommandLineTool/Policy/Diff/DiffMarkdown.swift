import Markup
import PolicyAnalysis

/// The changes as a comment on a pull request.
enum DiffMarkdown {
    /// A comment may have 65,536 characters.
    private static let rowLimit = 100

    static func text(_ report: DiffReport) -> String {
        guard !report.isEmpty else {
            return MarkdownBlock.render([
                .heading(3, [.text("Network connectivity does not change")]),
                .paragraph([.text("Every pair of pods that is in both clusters reaches the same ports as before.")]),
            ])
        }
        let policy = report.changes(.policy)
        let parties = report.changes(.parties)
        var blocks: [MarkdownBlock] = []
        if policy.isEmpty {
            blocks.append(.heading(3, [.text("Network connectivity changes only with the pods that come and go")]))
        } else {
            blocks.append(.heading(3, [.text(report.summary(policy))]))
            for effect in [ConnectivityChange.Effect.appears, .disappears] {
                blocks += section(effect, policy.filter { $0.effect == effect }, report)
            }
        }
        if !parties.isEmpty {
            var inner: [MarkdownBlock] = report.podsNote.map { [.paragraph([.text("Pods " + $0)])] } ?? []
            for effect in [ConnectivityChange.Effect.appears, .disappears] {
                inner += section(effect, parties.filter { $0.effect == effect }, report)
            }
            blocks.append(
                .details(summary: [.text("With pods that come and go: " + report.summary(parties))], inner))
        }
        return MarkdownBlock.render(blocks)
    }

    private static func section(
        _ effect: ConnectivityChange.Effect, _ changes: [ConnectivityChange], _ report: DiffReport
    ) -> [MarkdownBlock] {
        if changes.isEmpty { return [] }
        let title = effect == .appears ? "➕ Appears" : "➖ Disappears"
        let rows = changes.prefix(rowLimit).map { change -> [[MarkdownInline]] in
            [
                [.code(report.from(change))], [.code(report.to(change))], [.strong(report.ports(change))],
                [.text(change.before)], [.text(change.after)],
            ]
        }
        var blocks: [MarkdownBlock] = [
            .paragraph([.strong(title)]),
            .table(header: ["From", "To", "Ports", "Decided before by", "Decides now"], rows: rows),
        ]
        if changes.count > rowLimit {
            let rest = "\(changes.count - rowLimit) more are left out here: run gabion policy diff to see all."
            blocks.append(.paragraph([.text(rest)]))
        }
        return blocks
    }
}
