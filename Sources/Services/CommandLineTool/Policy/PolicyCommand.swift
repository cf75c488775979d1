package import ArgumentParser

/// `gabion policy`: what policies mean, and what a change of them does.
package struct PolicyCommand: AsyncParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "policy",
        abstract: "Ask what policies mean, suggest them, and apply them guardedly.",
        discussion: """
            Reads manifests as they are in git or as kubectl prints them. Questions need
            neither root nor a cluster; suggest and apply go by recorded flows.

              gabion policy check -f manifests/
              gabion policy verdicts -f manifests/ --queries questions.csv
              gabion policy explain -f manifests/ --from a/web --to a/db --port 80/TCP
              gabion policy matrix -f manifests/ -o html > matrix.html
              gabion policy diff old/ new/
              gabion policy suggest --namespace shop
              gabion policy apply -f manifests/ --guard
            """,
        subcommands: [
            PolicyVerdictsCommand.self, PolicyExplainCommand.self, PolicyMatrixCommand.self, PolicyDiffCommand.self,
            PolicyCheckCommand.self, PolicySuggestCommand.self, PolicyApplyCommand.self,
        ])

    package init() {}
}

/// The manifests that a verb reads.
struct ManifestOptions: ParsableArguments {
    @Option(
        name: [.customShort("f"), .customLong("filename")], parsing: .upToNextOption,
        help: ArgumentHelp(
            "Manifests in YAML or JSON: files, folders (with their folders), or - for standard input. May be repeated.",
            valueName: "path"), completion: .file())
    var paths: [String] = []

    mutating func validate() throws {
        if paths.isEmpty {
            throw ValidationError("Name the manifests with -f: files, folders, or - for standard input.")
        }
        if paths.filter({ $0 == "-" }).count > 1 {
            throw ValidationError("Standard input can be read once: give -f - once.")
        }
    }
}
