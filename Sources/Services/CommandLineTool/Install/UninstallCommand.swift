package import ArgumentParser
import ClusterAPI
import InstallationCompiler
import KubernetesClient

/// `gabion uninstall`: takes Gabion off a Kubernetes cluster.
package struct UninstallCommand: AsyncParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "uninstall",
        abstract: "Take Gabion off a Kubernetes cluster.",
        usage: "gabion uninstall [--kubeconfig <file>] [--definitions] [<options>]",
        discussion: """
            Removes what gabion install apply has put there: workloads first, then, by a
            pod on each node, the plugin's configuration and everything of ours in the
            kernel, then rights and namespace. Pods lose their network: drain them, or
            have another network at hand.

              gabion uninstall --dry-run
              gabion uninstall

            Kinds, and with them every zone, staged policy and other object of them, stay
            unless --definitions says so; so do the subnets of nodes and the ids of
            namespaces, which an installation after this one goes on with.
            """)

    @OptionGroup var cluster: ClusterOption

    @Option(help: ArgumentHelp("Where it was installed.", valueName: "namespace"))
    var namespace = "gabion-system"

    @Flag(help: "Remove the kinds, too, and all objects of them.")
    var definitions = false

    @Flag(
        name: .customLong("leave-nodes"),
        help: "Clean no node, as when they are gone; or clean each with gabion agent --cleanup.")
    var leavesNodes = false

    @Flag(name: .customLong("dry-run"), help: "Remove nothing; tell what would be removed.")
    var isDryRun = false

    @Option(help: ArgumentHelp("How long the nodes may take.", valueName: "seconds"))
    var timeout = 300

    @Option(name: .shortAndLong, help: ArgumentHelp("How to write the result.", valueName: "format"))
    var output = ListFormat.table

    package init() {}

    package mutating func validate() throws {
        if timeout < 1 { throw ValidationError("--timeout: at least 1") }
    }

    package func run() async throws {
        let report = InstallReport()
        try await report.conclude(output, note: isDryRun ? " (dry run: nothing was)" : "") {
            try await cluster.withClient(isLong: true) { client in
                var removal = Uninstaller(
                    client: client, namespace: namespace, patience: .seconds(timeout),
                    tell: { report.add($0, .removed) }, progress: { StandardError.write(Terminal.printable($0)) })
                removal.removesDefinitions = definitions
                removal.cleansNodes = !leavesNodes
                if isDryRun {
                    for manifest in try await removal.objects() { report.add(manifest, .removed) }
                } else {
                    try await removal.run()
                }
            }
        }
    }
}
