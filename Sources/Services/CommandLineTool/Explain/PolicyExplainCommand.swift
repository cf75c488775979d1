import ArgumentParser
import Lab

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
              gabion policy explain --cluster --from a/web --to service:a/db --port 80/TCP

            A connection to a service, by its name, an address of it or a node port, is
            explained for each endpoint that it may be led to.

            Of what leaves the cluster it says with which source address and by which node
            (egress IPs of NetNamespaces, EgressIPs and Zones), or why nothing leaves.

            With --at the answer is for another moment: holes between zones end.

            Exit codes: 0 answered; 2 bad input; 64 the command line is wrong.
            """)

    @OptionGroup var flow: FlowOptions

    @OptionGroup var source: ClusterSource

    @Option(name: .shortAndLong, help: ArgumentHelp("How to write the answer.", valueName: "format"))
    var output: ListFormat = .table

    func run() async throws {
        let asked =
            source.asksCluster
            ? try await live() : try ExplainedCluster(manifests: source.paths, at: source.moment.time)
        for warning in asked.warnings { StandardError.write("warning: \(warning)") }
        StandardOutput.write(try asked.report(try flow.question()).text(output))
    }

    private func live() async throws -> ExplainedCluster {
        try await source.cluster.withClient { client in
            ExplainedCluster(
                try await ClusterSnapshot.live(client, services: true), origin: source.origin, at: source.moment.time)
        }
    }
}
