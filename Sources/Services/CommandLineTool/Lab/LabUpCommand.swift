import ArgumentParser
import ClusterAPI
import Lab
import ManifestFiles

/// `gabion lab up`: builds a lab and returns when its pods are ready.
struct LabUpCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "up",
        abstract: "Bring up a lab and wait until its pods are ready.",
        usage: "gabion lab up [-f <path> ...] [--nodes <count>] [<options>]",
        discussion: """
            Manifests may hold any objects; Pods, Namespaces and NetworkPolicies are
            what a lab is about. Pods get addresses of the lab, whatever their manifests
            say. The lab has --nodes nodes; without it, the nodes that the manifests
            name, or two; and one outside host. A document of kind LabTopology
            (gabion.io/v1) among the manifests describes the machines in detail.

              gabion lab up --nodes 3 --ipv6 -f manifests/
              export KUBECONFIG=/run/gabion-lab/lab/admin.kubeconfig
              kubectl get pods -A

            Prints the export line on standard output, and progress on standard error.
            """)

    @Option(
        name: [.customShort("f"), .customLong("filename")], parsing: .upToNextOption,
        help: ArgumentHelp(
            "Manifests in YAML or JSON: files, folders, or - for standard input. May be repeated.",
            valueName: "path"), completion: .file())
    var file: [String] = []

    @Option(help: ArgumentHelp("The number of nodes, node-1 to node-N.", valueName: "count"))
    var nodes: Int?

    @Flag(help: "IPv6 beside IPv4, for nodes, pods and outside hosts.")
    var ipv6 = false

    @Flag(help: "Names of services (gabion dns), for the lab's pods.")
    var dns = false

    @OptionGroup var lab: LabNameOption

    @Flag(name: .shortAndLong, help: "Say nothing but errors.")
    var quiet = false

    func validate() throws {
        if let nodes, !(1...200).contains(nodes) { throw ValidationError("--nodes must be within 1…200.") }
        if file.filter({ $0 == "-" }).count > 1 {
            throw ValidationError("Standard input can be read once: give -f - once.")
        }
    }

    func run() async throws {
        let name = try lab.labName()
        try RootCheck.require(for: "gabion lab up")
        let objects = try ManifestReader().read(file)
        var (topology, rest) = try LabTopology.take(from: objects.map(\.value), nodes: nodes, ipv6: ipv6)
        if dns, topology.clusterDNS == nil { topology.clusterDNS = LabTopology.ClusterDNSPlan() }
        let start = ContinuousClock.now
        let running = try await Lab.up(name, topology, objects: rest) { line in
            if !quiet { StandardError.write("  " + line) }
        }
        if quiet { return }
        let seconds = (ContinuousClock.now - start).formattedSeconds
        let state = try running.state()
        StandardError.write(
            "lab \(name) is up after \(seconds): \(state.pods.settled) pods on \(topology.nodes.count) nodes")
        print("export KUBECONFIG=\(running.directory.adminKubeconfig)")
    }
}

extension Duration {
    /// `1.3 s`.
    var formattedSeconds: String {
        let tenths = components.seconds * 10 + components.attoseconds / 100_000_000_000_000_000
        return "\(tenths / 10).\(tenths % 10) s"
    }
}
