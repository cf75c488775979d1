import ArgumentParser
import ClusterAPI
import KubernetesClient
import Lab
import ManifestFiles
import PolicyEvidence

/// `gabion policy apply`: policies into the API, unless they cut what is in use.
struct PolicyApplyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "apply",
        abstract: "Write policies into the cluster, guarding flows in use.",
        usage: "gabion policy apply -f <path> ... [--guard] [--allow-cuts]",
        discussion: """
            Checks the policies as gabion policy check does, and writes all or, if one
            has an error, none. A spec is replaced, never merged. Policies that allow
            nothing are written last; each object is a step of its own. Staged policies
            are written, too, and cut nothing. With -o json, standard output has all of
            the result: objects, cuts, refusals and remarks.

              gabion policy apply -f suggested.yaml --guard
              gabion policy apply -f policies/ --guard --since 7d --dry-run
              gabion policy apply -f policies/ --guard --allow-cuts

            With --guard, flows of the last 24 hours are judged before and after the
            change. A flow that was allowed, that the present policies allow and that
            the new ones deny is a cut: nothing is written, unless --allow-cuts says so.
            Nor is it if a node does not tell its flows. Agents on other machines tell them
            with --flow-listen; else ask there, with gabion flows -o json, and give the
            file with --flows.

            Exit codes: 0 written, 1 refused for cuts or errors in the policies, 2 it
            could not be done, or not be judged; 64 the command line is wrong.
            """)

    @OptionGroup var manifests: ManifestOptions

    @Flag(name: .customLong("guard"), help: "Refuse to cut flows that were seen.")
    var isGuarded = false

    @OptionGroup var evidence: FlowEvidenceOptions

    @Flag(help: "Write in spite of cuts, and of nodes that did not answer; they are told all the same.")
    var allowCuts = false

    @Flag(help: "Write nothing; tell what would be written.")
    var dryRun = false

    @OptionGroup var cluster: ClusterOption

    @Option(
        name: .shortAndLong,
        help: ArgumentHelp("How to write the result: cuts as a table, or all.", valueName: "format"))
    var output: ListFormat = .table

    private static let day: Int64 = 86_400_000_000

    func validate() throws {
        if !isGuarded, allowCuts || evidence.since != nil || !evidence.files.isEmpty {
            throw ValidationError("--since, --flows and --allow-cuts are about the guard: say --guard, too.")
        }
        if (manifests.paths + evidence.files).filter({ $0 == "-" }).count > 1 {
            throw ValidationError("Standard input can be read once: give - once.")
        }
    }

    func run() async throws {
        let (result, failure) = await outcome()
        if output == .json { StandardOutput.write(result.json) }
        if let failure { throw failure }
    }

    /// What became of it, and the error that ended it.
    func outcome() async -> (result: ApplyResult, failure: (any Error)?) {
        var result = ApplyResult(isDryRun: dryRun)
        do {
            try await apply(&result)
            return (result, nil)
        } catch {
            result.refuse(error)
            return (result, error)
        }
    }

    private func apply(_ result: inout ApplyResult) async throws {
        let objects = try ManifestReader().read(manifests.paths)
        try check(objects, &result)
        try await cluster.withClient { client in
            let plan = try await ApplyPlan(objects, client)
            result.plan(plan.writes)
            try await requireNamespaces(objects, client)
            if isGuarded { try await judge(objects, client, &result) }
            if dryRun {
                for write in plan.writes { Self.tell(write, note: " (dry run)") }
            } else {
                try await plan.write(client) {
                    result.done($0)
                    Self.tell($0)
                }
            }
        }
    }

    private static func tell(_ write: ApplyPlan.Write, note: String = "") {
        StandardError.write("\(write.title) \(write.action.rawValue)\(note)")
    }

    private func check(_ objects: [ManifestObject], _ result: inout ApplyResult) throws {
        let report = CheckReport(objects)
        if !report.findings.isEmpty {
            result.refuse(report.findings)
            StandardError.write(report.text(.table))
            StandardError.write("refused: nothing was written")
            throw ExitStatus.finding
        }
        let refusals = ApplyPlan.refusals(objects)
        if !refusals.isEmpty { throw ManifestErrors(refusals) }
        if objects.isEmpty { throw CommandFailure("there is no policy in \(manifests.paths.joined(separator: " "))") }
    }

    private func requireNamespaces(_ objects: [ManifestObject], _ client: KubernetesClient) async throws {
        let known = Set(try await client.list(Namespace.self).items.compactMap(\.metadata.name))
        for object in objects {
            let name = ApplyPlan.key(object).namespace
            guard name.isEmpty || known.contains(name) else {
                throw CommandFailure(
                    "\(object.title): the cluster has no namespace \(name); nothing was written",
                    remedy: "Create it first.")
            }
        }
    }

    private func judge(_ objects: [ManifestObject], _ client: KubernetesClient, _ result: inout ApplyResult)
        async throws
    {
        let flows = try await evidence.report(cluster, usual: Self.day)
        let snapshot = try await ClusterSnapshot.live(client)
        let world = try PolicyWorld(objects, over: snapshot.engine)
        let report = GuardReport(
            judgement: ChangeJudgement(
                flows.flows, before: snapshot.engine, after: world.engine, pods: snapshot.pods),
            gaps: flows.gaps(in: snapshot.nodes.map(\.key.name)), losses: flows.losses)
        result.add(report, warnings: world.warnings)
        for warning in world.warnings { StandardError.write("warning: \(warning)") }
        for remark in report.remarks { StandardError.write(Terminal.printable(remark)) }
        if output == .table { StandardOutput.write(report.text) }
        if allowCuts { return }
        if report.hasCuts {
            let reason = "nothing was written; allow these flows, or apply all the same with --allow-cuts"
            result.refuse("it would cut flows in use: \(reason)")
            StandardError.write("refused: \(reason)")
            throw ExitStatus.finding
        }
        if !report.gaps.isEmpty {
            throw CommandFailure(
                "not all flows are known, so nothing was written",
                remedy: "Collect them on each node with gabion flows -o json --limit 1000000 and give the files with "
                    + "--flows, or apply all the same with --allow-cuts.")
        }
    }
}
