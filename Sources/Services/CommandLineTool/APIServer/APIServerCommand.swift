package import ArgumentParser
import EmbeddedAPI

/// `gabion apiserver`: the Kubernetes API for one machine.
package struct APIServerCommand: AsyncParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "apiserver",
        abstract: "Serve the Kubernetes API on this machine, without a cluster.",
        discussion: """
            Keeps every object in one SQLite file under the data directory. The first
            start makes a certificate authority, a token for the administrator
            (tokens.csv) and admin.kubeconfig:

              gabion apiserver --data-dir /var/lib/gabion
              kubectl --kubeconfig /var/lib/gabion/admin.kubeconfig get namespaces

            Without a verb it serves. All options: gabion apiserver serve --help
            """,
        subcommands: [ServeAPICommand.self, IssueKubeconfigCommand.self],
        defaultSubcommand: ServeAPICommand.self)

    package init() {}
}
