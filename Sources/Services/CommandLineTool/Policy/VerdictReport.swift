package import APIMachinery
package import Foundation
package import ManifestFiles
import PolicyEngine
import ServiceVerdicts

/// The answers to a table of questions.
package struct VerdictReport: Sendable {
    /// The questions' columns, then `verdict` and `rule`.
    package let table: CSVTable
    package let warnings: [String]

    /// Reads everything before it answers anything.
    ///
    /// `standardInput` is asked only for the queries path `-`. With `staged`, the answers are those of a cluster in which
    /// everything staged is enforced.
    ///
    /// Throws `ManifestErrors`, `QueryErrors` or `CommandFailure`.
    package init(
        paths: [String], queries path: String, staged: Bool = false, at time: APITime = .now, reader: ManifestReader,
        standardInput: () throws -> Data
    ) throws {
        let queries = try FlowQueries(path: path, standardInput: standardInput)
        let world = try PolicyWorld(reader.read(paths), at: time)
        try queries.requirePods(world.pods, file: path, manifests: paths.joined(separator: " "))
        let engine = staged ? world.stagedEngine ?? world.engine : world.engine
        let judge = ServiceJudge(engine, world.services)
        let answers = try queries.judgements(by: judge, file: path).map(\.answer)
        var table = queries.table
        table.header += Self.columns
        for (index, answer) in answers.enumerated() {
            table.rows[index].fields += [answer.isAllowed ? "allow" : "deny", answer.rule]
        }
        self.table = table
        warnings = world.warnings + judge.problems + (staged && world.stagedEngine == nil ? [Self.nothingStaged] : [])
    }

    func text(_ format: VerdictFormat) -> String { table.text(format, answers: Self.columns) }

    static let nothingStaged = "nothing is staged: there is no StagedPolicy or ClusterStagedPolicy that holds"

    private static let columns = ["verdict", "rule"]
}
