package import ArgumentParser
import EmbeddedAPI

/// `gabion apiserver issue`: a kubeconfig with a client certificate.
package struct IssueKubeconfigCommand: AsyncParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "issue",
        abstract: "Print a kubeconfig whose client certificate the server of a data directory trusts.",
        discussion: """
            The groups say what the user may do:
              system:masters      everything
              gabion:readers      get, list and watch everything but Secrets
              gabion:controllers  as readers, and write node subnets, nodes, leases and events
              system:nodes        an agent; its user is system:node:NAME

            The certificate holds for a year. The server need not run.
              gabion apiserver issue --data-dir D --user system:node:a --group system:nodes > a.kubeconfig
            """)

    @Option(name: .customLong("data-dir"), help: "The server's data directory.")
    var dataDirectory: String

    @Option(help: "The name of the user.")
    var user: String

    @Option(help: "A group of the user; may be given several times.")
    var group: [String] = []

    @Option(help: "The server's URL in the kubeconfig; by default that of admin.kubeconfig.")
    var server: String?

    package init() {}

    package func run() async throws {
        let identity = Identity(user: user, groups: Set(group))
        let kubeconfig = try Kubeconfig.issue(for: identity, dataDirectory: dataDirectory, server: server)
        print(kubeconfig.text, terminator: "")
    }
}
