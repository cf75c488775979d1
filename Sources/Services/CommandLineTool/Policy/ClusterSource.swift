import ArgumentParser

/// The cluster that a question is about: what manifests describe, or a live one, at a moment.
struct ClusterSource: ParsableArguments {
    @Option(
        name: [.customShort("f"), .customLong("filename")], parsing: .upToNextOption,
        help: ArgumentHelp(
            "Manifests in YAML or JSON: files, folders, or - for standard input. May be repeated.", valueName: "path"),
        completion: .file())
    var paths: [String] = []

    @Flag(name: .customLong("cluster"), help: "Ask the live cluster instead of manifests.")
    var isLive = false

    @OptionGroup var cluster: ClusterOption
    @OptionGroup var moment: MomentOption

    var asksCluster: Bool { isLive || cluster.lab != nil || cluster.kubeconfig != nil }

    /// Where the objects come from, for messages.
    var origin: String { asksCluster ? "the cluster" : paths.joined(separator: " ") }

    func validate() throws {
        if paths.isEmpty, !asksCluster {
            throw ValidationError("Name the manifests with -f, or ask a live cluster with --cluster or --lab.")
        }
        if !paths.isEmpty, asksCluster {
            throw ValidationError("Ask manifests (-f) or a live cluster, not both.")
        }
        if paths.filter({ $0 == "-" }).count > 1 {
            throw ValidationError("Standard input can be read once: give -f - once.")
        }
    }
}
