package import ArgumentParser
import InstallationCompiler
import YAML

extension InstallationPart: ExpressibleByArgument {}

/// `gabion install`: Gabion on a Kubernetes cluster.
package struct InstallCommand: AsyncParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "install",
        abstract: "Put Gabion on a Kubernetes cluster.",
        usage: "gabion install --dry-run -f <file> [--part <part>]",
        discussion: """
            Everything that is installed follows from one file. Begin with an example:
              gabion install --example > installation.yaml

            See what would be installed, in the order in which it has to be; the output
            is YAML for kubectl, or for a repository, and the same for the same file:
              gabion install --dry-run -f installation.yaml
            Install it, or change what is installed:
              gabion install apply -f installation.yaml

            The file is judged first: networks that overlap or are too small, addresses
            that cannot be, keys that nobody knows. gabion uninstall takes it away again.
            """,
        subcommands: [InstallApplyCommand.self])

    @OptionGroup var file: InstallationFile

    @Flag(name: .customLong("dry-run"), help: "Print the manifests, and ask no cluster.")
    var isDryRun = false

    @Flag(help: "Print a configuration to begin with.")
    var example = false

    @Option(
        help: ArgumentHelp("Print this part alone; one comes after the other.", valueName: "part"))
    var part: InstallationPart?

    package init() {}

    /// Not in `validate`, which is asked before `apply` runs, too.
    private func check() throws {
        guard isDryRun != example else {
            throw ValidationError(
                "Say what to do: --dry-run prints the manifests, --example a configuration, and gabion install apply "
                    + "installs.")
        }
        if example, part != nil || file.path != nil { throw ValidationError("--example takes no other options.") }
    }

    package func run() async throws {
        try check()
        if example { return StandardOutput.write(String(decoding: InstallationFiles.example, as: UTF8.self)) }
        let manifests = try file.manifests()
        let objects = part.map(manifests.manifests) ?? manifests.all
        StandardOutput.write(YAMLRenderer.render(objects.map(\.document)))
    }
}
