import ArgumentParser
import Lab
import PolicyEngine

/// `gabion policy explain`: why one connection is allowed or denied.
struct PolicyExplainCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "explain",
        abstract: "Say why a connection is allowed or denied, and what would change it.",
        usage: "gabion policy explain -f <path> ... --from <a> --to <b> --port <port>",
        discussion: """
            The verdict comes first; then, for each direction and tier, the rule that
            decides, the rules that nearly match with what differs, and policies that
            would match if they selected the pod. At the end, changes that flip the
            verdict: each was made to a copy and judged again, and says what else it
            would open or cut.

              gabion policy explain -f manifests/ --from a/web --to a/db --port 5432/TCP
              gabion policy explain --cluster --from 203.0.113.7 --to a/web --port 80/TCP
              gabion policy explain --lab lab --from a/web --to a/db --port ICMP

            Exit codes: 0 answered; 2 bad input; 64 the command line is wrong.
            """)

    @OptionGroup var flow: FlowOptions

    @Option(
        name: [.customShort("f"), .customLong("filename")], parsing: .upToNextOption,
        help: ArgumentHelp(
            "Manifests in YAML or JSON: files, folders, or - for standard input. May be repeated.", valueName: "path"),
        completion: .file())
    var paths: [String] = []

    @Flag(name: .customLong("cluster"), help: "Ask the live cluster instead of manifests.")
    var isLive = false

    @OptionGroup var cluster: ClusterOption

    @Option(name: .shortAndLong, help: ArgumentHelp("How to write the answer.", valueName: "format"))
    var output: ListFormat = .table

    private var asksCluster: Bool { isLive || cluster.lab != nil || cluster.kubeconfig != nil }

    func validate() throws {
        if paths.isEmpty, !asksCluster {
            throw ValidationError("Name the manifests with -f, or ask a live cluster with --cluster or --lab.")
        }
        if !paths.isEmpty, asksCluster {
            throw ValidationError("Ask manifests (-f) or a live cluster, not both.")
        }
        if paths.filter({ $0 == "-" }).count > 1 {
            throw ValidationError("Standard input can be read once: give -f - once.")
        }
    }

    func run() async throws {
        let asked = asksCluster ? try await live() : try ExplainedCluster(manifests: paths)
        for warning in asked.warnings { StandardError.write("warning: \(warning)") }
        StandardOutput.write(try asked.report(try flow.flow()).text(output))
    }

    private func live() async throws -> ExplainedCluster {
        try await cluster.withClient { client in
            ExplainedCluster(try await ClusterSnapshot.live(client), origin: "the cluster")
        }
    }
}
