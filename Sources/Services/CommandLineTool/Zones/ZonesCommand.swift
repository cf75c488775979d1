import ArgumentParser
import ManifestFiles

/// `gabion zones`: who may reach whom between zones.
struct ZonesCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "zones",
        abstract: "Show the network zones and every hole between them.",
        usage: "gabion zones [-f <path> ...] [--at <time>] [-o <format>]",
        discussion: """
            Prints the matrix of zones (gabion.io/v1 Zone), from outside to inside: what
            may reach what, by which hole, who answers for it, and until when. With -f
            from manifests, without any cluster; else from the API.

              gabion zones -f manifests/
              gabion zones --lab lab -o json
              gabion zones -f manifests/ --at 2027-01-01T00:00:00Z

            Exit codes: 0 fine; 1 an error was found: a pod that belongs to no zone or
            to two, or a zone that does not hold as it is written; 2 the input cannot
            be read; 64 the command line is wrong.
            """)

    @OptionGroup var source: ZoneSource

    @Option(name: .shortAndLong, help: ArgumentHelp("How to write the zones.", valueName: "format"))
    var output: ListFormat = .table

    mutating func run() async throws {
        let world = try await source.world()
        for warning in world.warnings { StandardError.write("warning: \(warning)") }
        let report = ZoneReport(world)
        StandardOutput.write(output == .json ? report.json : report.text)
        if report.hasErrors { throw ExitStatus.finding }
    }
}

/// Where the zones come from: manifests, or the API of a cluster.
struct ZoneSource: ParsableArguments {
    @Option(
        name: [.customShort("f"), .customLong("filename")], parsing: .upToNextOption,
        help: ArgumentHelp(
            "Manifests in YAML or JSON: files, folders, or - for standard input; without it, the cluster's API.",
            valueName: "path"), completion: .file())
    var paths: [String] = []

    @OptionGroup var cluster: ClusterOption
    @OptionGroup var moment: MomentOption

    func validate() throws {
        if paths.filter({ $0 == "-" }).count > 1 {
            throw ValidationError("Standard input can be read once: give -f - once.")
        }
        if !paths.isEmpty, cluster.kubeconfig != nil || cluster.lab != nil {
            throw ValidationError("Give manifests with -f, or a cluster, not both.")
        }
    }

    func world() async throws -> ZoneWorld {
        let time = moment.time
        if !paths.isEmpty { return try ZoneWorld(try ManifestReader().read(paths), at: time) }
        return try await cluster.withClient { try await ZoneWorld($0, at: time) }
    }
}
