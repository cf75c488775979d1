import APIMachinery
import ArgumentParser
import Lab
import ManifestFiles
import PolicyAnalysis

/// `gabion policy diff`: what a change of manifests opens and closes.
struct PolicyDiffCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "diff",
        abstract: "Show which connectivity a change of manifests opens and closes.",
        usage: """
            gabion policy diff <old> <new> [-f <path> ...] [-o <format>]
            gabion policy diff --cluster <new> [<options>]
            gabion policy diff --staged (-f <path> ... | --cluster) [<options>]
            """,
        discussion: """
            Each change says who, to whom, which ports, and the rules that decide before
            and now. Pods, or workloads, that are on one side only are told apart.
            Objects that both sides have, such as pods, can be given once with -f.

              gabion policy diff old/ new/
              gabion policy diff old/ new/ -f cluster.yaml -o markdown
              gabion policy diff --cluster new/
              gabion policy diff --staged --cluster

            With --cluster the manifests are applied, in thought, to the live cluster, as
            kubectl apply would do it: nothing is taken away. With --staged the two sides
            are one cluster, that of -f or the live one, as it is and with everything
            that StagedPolicies stage enforced. With --at both sides are as they are at
            another moment: holes between zones end.

            Exit codes: 0 nothing changes, 1 connectivity changes, 2 it could not be done,
            64 the command line is wrong.
            """)

    @Argument(
        help: ArgumentHelp("The old and the new manifests: files or folders.", valueName: "old new"),
        completion: .file())
    var sides: [String] = []

    @Option(
        name: [.customShort("f"), .customLong("filename")], parsing: .singleValue,
        help: ArgumentHelp("Manifests that both sides have. May be repeated.", valueName: "path"), completion: .file())
    var common: [String] = []

    @Flag(name: .customLong("cluster"), help: "Compare with the live cluster: name only the new manifests.")
    var usesCluster = false

    @Flag(help: "Show what enforcing all staged policies would change.")
    var staged = false

    @OptionGroup var cluster: ClusterOption
    @OptionGroup var moment: MomentOption

    @Option(name: .shortAndLong, help: ArgumentHelp("How to write the changes.", valueName: "format"))
    var output: DiffFormat = .table

    func validate() throws {
        if staged {
            if sides.isEmpty, usesCluster != !common.isEmpty { return }
            throw ValidationError("With --staged name one cluster: manifests with -f, or --cluster.")
        }
        if usesCluster, sides.count != 1 { throw ValidationError("With --cluster name the new manifests alone.") }
        if !usesCluster, sides.count != 2 {
            throw ValidationError("Name the old and the new manifests, or --cluster and the new ones.")
        }
        if usesCluster, !common.isEmpty { throw ValidationError("With --cluster the cluster is what both sides have.") }
        if (sides + common).filter({ $0 == "-" }).count > 1 {
            throw ValidationError("Standard input can be read once: give - once.")
        }
    }

    mutating func run() async throws {
        let report = try await report()
        for warning in report.warnings { StandardError.write("warning: \(warning)") }
        StandardOutput.write(try report.text(output))
        if !report.isEmpty { throw ExitStatus.finding }
    }

    private func report() async throws -> DiffReport {
        let time = moment.time
        if staged {
            if usesCluster { return DiffReport(staged: try await live(time)) }
            return DiffReport(staged: try ClusterInput(ManifestReader().read(common), at: time))
        }
        let (old, new) = try await inputs(time)
        return DiffReport(old: old, new: new)
    }

    private func live(_ time: APITime) async throws -> ClusterInput {
        ClusterInput(try await cluster.withClient { try await ClusterSnapshot.live($0) }, at: time)
    }

    private func inputs(_ time: APITime) async throws -> (old: ClusterInput, new: ClusterInput) {
        let reader = ManifestReader()
        if usesCluster {
            let live = try await live(time)
            return (live, try ClusterInput(reader.read(sides), over: live, at: time))
        }
        let shared = try reader.read(common)
        let old = try ClusterInput(shared + reader.read([sides[0]]), at: time)
        return (old, try ClusterInput(shared + reader.read([sides[1]]), at: time))
    }
}

enum DiffFormat: String, ExpressibleByArgument, CaseIterable {
    case table, json, markdown
}

extension DiffReport {
    func text(_ format: DiffFormat) throws -> String {
        switch format {
        case .table: DiffTable.text(self)
        case .json: try DiffJSON.text(self)
        case .markdown: DiffMarkdown.text(self)
        }
    }
}
