package import ArgumentParser

/// The `gabion` command line: the root that every verb hangs from.
package struct GabionCommand: AsyncParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "gabion",
        abstract: "Network security for containers.",
        discussion: """
            Gabion gives pods their network, decides who may talk to whom by Kubernetes
            NetworkPolicies, enforces that in the Linux kernel, and can say why for
            every packet.

            Ask what your policies mean, without any cluster:
              gabion policy verdicts -f manifests/ --queries questions.csv

            Run a whole cluster on this machine (as root), and ask the real kernel:
              gabion lab up -f manifests/
              gabion get pods -A
              gabion lab verify --queries questions.csv
              gabion lab down

            Exit codes: 0 fine, 1 something was found (an invalid manifest, a verdict
            that a packet contradicts), 2 it could not be done, 64 the command line is
            wrong. Results go to standard output, all else to standard error.
            """,
        version: GabionVersion.text,
        subcommands: Self.verbs)

    static let verbs: [any ParsableCommand.Type] = [
        PolicyCommand.self, ZonesCommand.self, AuditCommand.self, LabCommand.self, FlowsCommand.self, GetCommand.self,
        StatusCommand.self, TraceCommand.self, RunCommand.self, APIServerCommand.self, ControllerCommand.self,
        AgentCommand.self,
        FailoverCommand.self, EgressCommand.self, NamesCommand.self, DNSCommand.self, GatewayCommand.self,
        InstallCommand.self, UninstallCommand.self, CNICommand.self, BenchCommand.self, CompletionCommand.self,
        VersionCommand.self,
    ]

    package init() {}
}
