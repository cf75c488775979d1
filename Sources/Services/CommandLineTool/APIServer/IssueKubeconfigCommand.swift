package import ArgumentParser
import EmbeddedAPI

/// `gabion apiserver issue`: a kubeconfig with a client certificate.
package struct IssueKubeconfigCommand: AsyncParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "issue",
        abstract: "Print a kubeconfig with a client certificate for a user.",
        usage: "gabion apiserver issue --data-dir <dir> --user <name> [<options>]",
        discussion: """
            The certificate is signed by the authority in the data directory and holds
            for a year. The server need not run. The groups say what the user may do:

              system:masters      everything
              gabion:readers      get, list and watch everything but Secrets
              gabion:controllers  as readers, and write node subnets, endpoints, nodes,
                                  leases, events and some statuses
              gabion:gateways     a pod of an EgressGateway; its user is
                                  gabion:gateway:NAMESPACE:NAME
              system:nodes        an agent; its user is system:node:NAME
              gabion:containers   besides: an agent that runs containers without a
                                  kubelet makes their pods

              gabion apiserver issue --data-dir /var/lib/gabion --user system:node:a \\
                --group system:nodes > a.kubeconfig
            """)

    @Option(
        name: .customLong("data-dir"), help: ArgumentHelp("The server's data directory.", valueName: "dir"),
        completion: .directory)
    var dataDirectory: String

    @Option(help: ArgumentHelp("The name of the user.", valueName: "name"))
    var user: String

    @Option(help: ArgumentHelp("A group of the user; may be repeated.", valueName: "name"))
    var group: [String] = []

    @Option(
        help: ArgumentHelp("The server's URL in the kubeconfig; by default that of admin.kubeconfig.", valueName: "url")
    )
    var server: String?

    package init() {}

    package func run() async throws {
        let identity = Identity(user: user, groups: Set(group))
        let kubeconfig = try Kubeconfig.issue(for: identity, dataDirectory: dataDirectory, server: server)
        print(kubeconfig.text, terminator: "")
    }
}
