import ArgumentParser
import InstallationCompiler
import KubernetesClient

/// `gabion install apply`: puts an installation into a cluster.
struct InstallApplyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "apply",
        abstract: "Install Gabion, or change an installation.",
        usage: "gabion install apply -f <file> [--kubeconfig <file>] [<options>]",
        discussion: """
            Applies the objects that gabion install --dry-run prints, part by part: kinds,
            rights, the network, the controller, the nodes, the name server. The next
            part comes when the one before is ready, on every node. What is as it should
            be stays unchanged, so it can be repeated, and goes on where it failed.

            Before anything is written, the server judges all of it: fields that others
            have set (by kubectl apply --server-side, say) are told, and nothing is done.
            Nor is it when a network of pods would go that nodes have subnets of.

              gabion install apply -f installation.yaml --kubeconfig admin.kubeconfig

            The user needs the rights that it gives: the cluster's administrator has them.
            """)

    @OptionGroup var file: InstallationFile

    @OptionGroup var cluster: ClusterOption

    @Flag(name: .customLong("force-conflicts"), help: "Take over fields that others have set.")
    var isForced = false

    @Flag(name: .customLong("no-wait"), help: "Do not wait until a part is ready before the next.")
    var isHasty = false

    @Option(help: ArgumentHelp("How long a part may take to be ready.", valueName: "seconds"))
    var timeout = 300

    @Option(name: .shortAndLong, help: ArgumentHelp("How to write the result.", valueName: "format"))
    var output = ListFormat.table

    mutating func validate() throws {
        if timeout < 1 { throw ValidationError("--timeout: at least 1") }
        if file.path == nil { throw ValidationError("Say what to install: -f FILE (gabion install --example).") }
    }

    func run() async throws {
        let manifests = try file.manifests()
        let report = InstallReport()
        try await report.conclude(output) {
            try await cluster.withClient(isLong: true) { client in
                try await NetworkGuard.check(manifests, client)
                let installer = Installer(
                    client: client, parts: InstallationPart.allCases.map { ($0, manifests.manifests($0)) },
                    isForced: isForced, patience: isHasty ? nil : .seconds(timeout),
                    tell: { report.add($0, $1) }, progress: { StandardError.write(Terminal.printable($0)) })
                try await installer.survey()
                try await installer.apply()
                try await installer.prune()
            }
        }
    }
}
