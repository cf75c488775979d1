import ArgumentParser
import ClusterAPI
import Lab
import LinuxSystem
import NFTablesDriver
import NetworkTypes
import NodeAgent
import PolicyEngine

/// `gabion trace`: what policies say about a connection, and what the kernel does with its first packet.
struct TraceCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "trace",
        abstract: "Follow a connection's first packet through the kernel, rule by rule.",
        usage: "gabion trace --from <party> --to <party> --port <port> [<options>]",
        discussion: """
            In a lab the packet is sent from the pod, and every node is watched. In any
            other cluster run it on a node, where it waits for the connection to be
            opened and sees this node only. Watching adds a table inet gabion-trace,
            which is about this one connection and goes when the command ends. Needs
            root.

              gabion trace --from shop/web --to shop/db --port 5432/TCP --lab lab
              gabion trace --from shop/web --to shop/db --port 5432/TCP --seconds 30

            Exit codes: 0 the kernel does what policies say, or nothing was seen; 1 it
            does something else; 2 it could not be done; 64 the command line is wrong.
            """)

    @OptionGroup var flow: FlowOptions

    @Option(help: ArgumentHelp("Send from this address instead of the sender's own (in a lab).", valueName: "address"))
    var source: String?

    @Option(help: ArgumentHelp("How long to wait for the connection, outside of a lab.", valueName: "seconds"))
    var seconds: Int = 10

    @OptionGroup var cluster: ClusterOption

    @Option(name: .shortAndLong, help: ArgumentHelp("How to write the answer.", valueName: "format"))
    var output: ListFormat = .table

    func validate() throws {
        if let source, IPAddress(source) == nil { throw ValidationError("'\(source)' is not an IP address.") }
        guard (1...600).contains(seconds) else { throw ValidationError("--seconds must be within 1…600.") }
    }

    func run() async throws {
        try RootCheck.require(for: "gabion trace")
        let asked = try flow.flow()
        let lab = AskedCluster(try cluster.configuration()).lab
        let snapshot = try await cluster.withClient { try await ClusterSnapshot.live($0) }
        let explanation = try ExplainedCluster(snapshot, origin: "the cluster").report(asked)
        let report: TraceReport
        if let lab {
            let trace = try await Lab.running(lab.name).trace(asked, snapshot, source: source.flatMap { IPAddress($0) })
            report = TraceReport(explanation: explanation, trace: trace)
        } else {
            report = try await here(asked, explanation, snapshot)
        }
        StandardOutput.write(report.text(output))
        if case .difference = report.finding { throw ExitStatus.finding }
    }

    /// On the node that this runs on, for a packet that somebody else sends.
    private func here(
        _ flow: Flow, _ explanation: ExplanationReport, _ snapshot: ClusterSnapshot
    ) async throws -> TraceReport {
        if source != nil {
            throw CommandFailure(
                "nothing is sent outside of a lab, so there is no address to send from",
                remedy: "Leave --source away and send the packet yourself, or name a lab with --lab.")
        }
        let (from, to) = (explanation.explanation.egress.end.address, explanation.explanation.ingress.end.address)
        guard let to else {
            throw CommandFailure("\(flow.to) has no address", remedy: "Wait until it runs, or name an address.")
        }
        let agent = AgentReport.status(in: AgentReport.standardDirectory)?.node
        let node = snapshot.nodes.contains { $0.metadata.name == agent } ? agent : nil
        let packets = TracedPackets(from: from, to: to, flow.transport, port: flow.port ?? 0)
        StandardError.write("waiting \(seconds) s for a packet of \(flow.title): open the connection now")
        let trace = try await Tracer(nodes: [Tracer.Node(name: node ?? "(none)", namespace: .current)])
            .overhear(packets, for: .seconds(seconds))
        return TraceReport(
            explanation: explanation, trace: trace, vantage: TraceVantage(flow, snapshot, node: node))
    }
}
