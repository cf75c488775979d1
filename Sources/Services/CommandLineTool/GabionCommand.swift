package import ArgumentParser

/// The `gabion` command line: the root that every verb hangs from.
package struct GabionCommand: AsyncParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "gabion",
        abstract: "Network security for containers: a pod network secured by NetworkPolicy.",
        discussion: """
            Gabion gives pods their network, decides who may talk to whom, enforces
            that in the Linux kernel, and can say why for every packet.

            Ask what your policies mean, without any cluster:
              gabion policy verdicts -f manifests/ --queries questions.csv

            Run a whole cluster on this machine (as root), and ask the real kernel:
              gabion lab up --nodes 2 -f examples/demo/colors.yaml
              export KUBECONFIG=/run/gabion-lab/lab/admin.kubeconfig
              kubectl get pods -A
              gabion lab down

            Exit codes: 0 fine, 1 something was found (an invalid manifest, a
            difference between verdict and observation), 2 it could not be done,
            64 the command line is wrong.
            """,
        version: GabionVersion.text,
        subcommands: Self.verbs)

    static let verbs: [any ParsableCommand.Type] = [
        PolicyCommand.self, LabCommand.self, GetCommand.self, StatusCommand.self, APIServerCommand.self,
        ControllerCommand.self, AgentCommand.self, BenchCommand.self, CompletionCommand.self, VersionCommand.self,
    ]

    package init() {}
}
