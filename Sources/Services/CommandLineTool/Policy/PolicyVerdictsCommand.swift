import ArgumentParser
import Foundation
import ManifestFiles

/// `gabion policy verdicts`: answers a table of questions from manifests alone.
struct PolicyVerdictsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verdicts",
        abstract: "Say for each connection in a table whether it is allowed, and why.",
        usage: "gabion policy verdicts -f <path> ... --queries <file> [-o <format>]",
        discussion: """
            The manifests describe pods (with status.podIP), namespaces, nodes and
            policies. The queries are CSV whose header names from, to, protocol and
            port, in any order; other columns are kept. from and to are namespace/pod,
            an IP address or node:NAME, and to may be service:namespace/name; protocol
            is TCP, UDP, SCTP or ICMP:

              from,to,protocol,port
              shop/web,shop/db,TCP,5432
              shop/web,service:shop/db,TCP,5432
              203.0.113.7,shop/web,TCP,8080

            A connection to a service, by its name, an address of it or a node's address
            and node port, is allowed if it is to every endpoint that it may reach.
            Addresses from outside (spec.externalIPs and those of load balancers) are the
            service's where the ExternalIPPolicies among the manifests allow them.

            The answer repeats the columns and adds verdict (allow or deny) and rule:
            the policies and rules that decide.

              gabion policy verdicts -f manifests/ --queries questions.csv
              gabion policy verdicts -f manifests/ --queries questions.csv --staged
              kubectl get pods,ns,nodes,svc,endpointslices,networkpolicies -A -o yaml | \\
                gabion policy verdicts -f - --queries questions.csv -o json

            Ask kubectl for every kind of policy that the cluster has, such as
            adminnetworkpolicies, baselineadminnetworkpolicies, clusternetworkpolicies,
            and clusternetworks, netnamespaces, hostsubnets, externalippolicies and
            failovergroups: the answers know of no others.

            Exit codes: 0 answered; 2 bad input, and then nothing is answered; 64 the
            command line is wrong.
            """)

    @OptionGroup var manifests: ManifestOptions

    @Option(
        help: ArgumentHelp("The questions: a CSV file, or - for standard input.", valueName: "file"),
        completion: .file(extensions: ["csv"]))
    var queries: String

    @Option(
        name: .shortAndLong,
        help: ArgumentHelp("How to write the answer; by default table on a terminal, else csv.", valueName: "format"))
    var output: VerdictFormat?

    @Flag(help: "Answer as if the StagedPolicies among the manifests were enforced.")
    var staged = false

    @OptionGroup var moment: MomentOption

    mutating func validate() throws {
        if queries == "-", manifests.paths.contains("-") {
            throw ValidationError("Standard input can be read once: -f - or --queries -, not both.")
        }
    }

    mutating func run() async throws {
        let report = try VerdictReport(
            paths: manifests.paths, queries: queries, staged: staged, at: moment.time, reader: ManifestReader(),
            standardInput: { try FileHandle.standardInput.readToEnd() ?? Data() })
        for warning in report.warnings { StandardError.write("warning: \(warning)") }
        StandardOutput.write(report.text(output ?? .usual))
    }
}
