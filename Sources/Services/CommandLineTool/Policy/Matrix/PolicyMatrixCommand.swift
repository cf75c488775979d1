import ArgumentParser
import Lab
import ManifestFiles
import NetworkTypes
import PolicyAnalysis

/// `gabion policy matrix`: who reaches whom.
struct PolicyMatrixCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "matrix",
        abstract: "Show who reaches whom, on which ports.",
        usage: "gabion policy matrix (-f <path> ... | --cluster) [<options>]",
        discussion: """
            Pods that no policy tells apart are one row. The manifests describe pods, or
            the workloads that will make them, with namespaces, nodes and policies.
            Addresses outside are cut into the blocks that rules tell apart, and hosts with
            a name that rules mention are shown by it, as dns:*.example.com.

              gabion policy matrix -f examples/demo
              gabion policy matrix -f manifests/ --namespace shop --port 5432/TCP
              gabion policy matrix -f manifests/ -o html > matrix.html
              gabion policy matrix --cluster -o svg > matrix.svg

            With --cluster all policies, zones and projects of the live cluster have their
            say; manifests must have all of them. With --at the answer is for another
            moment: holes between zones end.

            Exit codes: 0 answered, 2 bad input, 64 the command line is wrong.
            """)

    @OptionGroup var source: ClusterSource

    @Option(
        name: [.customShort("n"), .customLong("namespace")], parsing: .singleValue,
        help: ArgumentHelp("Only what concerns pods of this namespace. May be repeated.", valueName: "name"))
    var namespaces: [String] = []

    @Option(help: ArgumentHelp("Only this port: 443, 53/UDP, 8000-8100/TCP, ICMP.", valueName: "port/protocol"))
    var port: PortOption?

    @Option(name: .shortAndLong, help: ArgumentHelp("How to write the answer.", valueName: "format"))
    var output: MatrixFormat = .table

    mutating func run() async throws {
        let input = try await input()
        for warning in input.warnings { StandardError.write("warning: \(warning)") }
        let report = MatrixReport(input, namespaces: namespaces, ports: port?.ports ?? .all)
        if report.chosen.isEmpty {
            let scope = namespaces.isEmpty ? "" : " in namespace \(namespaces.joined(separator: ", "))"
            throw CommandFailure(
                "there is no pod\(scope) in \(source.origin)",
                remedy: "name manifests with pods or workloads with -f, and a namespace that they have")
        }
        StandardOutput.write(try report.text(output))
    }

    private func input() async throws -> ClusterInput {
        let time = source.moment.time
        if source.asksCluster {
            return ClusterInput(try await source.cluster.withClient { try await ClusterSnapshot.live($0) }, at: time)
        }
        return try ClusterInput(ManifestReader().read(source.paths), at: time)
    }
}

enum MatrixFormat: String, ExpressibleByArgument, CaseIterable {
    case table, json, html, svg
}

/// `443`, `53/UDP`, `8000-8100/TCP`, `ICMP`.
struct PortOption: ExpressibleByArgument {
    let ports: PortSet

    init?(argument: String) {
        let parts = argument.split(separator: "/", omittingEmptySubsequences: false)
        if parts.count == 1, TransportProtocol(parsing: parts[0]) == .icmp {
            ports = .icmp
            return
        }
        guard (1...2).contains(parts.count),
            let transport = parts.count == 1 ? .tcp : TransportProtocol(parsing: parts[1]), transport.hasPorts
        else { return nil }
        let bounds = parts[0].split(separator: "-", omittingEmptySubsequences: false).map { UInt16($0) }
        guard (1...2).contains(bounds.count), let first = bounds[0], let last = bounds[bounds.count - 1], first > 0,
            let range = PortRange(first, through: last)
        else { return nil }
        ports = PortSet(transport, range)
    }
}

extension MatrixReport {
    func text(_ format: MatrixFormat) throws -> String {
        switch format {
        case .table: MatrixTable.text(self)
        case .json: try MatrixJSON.text(self)
        case .html: MatrixPage.html(self)
        case .svg: MatrixPicture.svg(self)
        }
    }
}
