import ArgumentParser
import ClusterAPI
import Lab
import LinuxSystem
import NFTablesDriver
import NetworkTypes
import NodeAgent
import PolicyEngine
import ServiceModel
import ServiceVerdicts

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
              gabion trace --from shop/web --to service:shop/db --port 80/TCP --lab lab
              gabion trace --from shop/web --to shop/db --port 5432/TCP --seconds 30

            A packet to a service is followed to the endpoint that it is led to, and that
            way is explained.

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
        let question = try flow.question()
        let snapshot = try await cluster.withClient { try await ClusterSnapshot.live($0, services: true) }
        let report: TraceReport
        if let name = AskedCluster(try cluster.configuration()).lab?.name {
            let lab = try Lab.running(name)
            let entrances = try await lab.entrances(for: [question], snapshot.services)
            let connection = try explained(snapshot, entrances).report(question)
            let trace = try await lab.trace(
                connection.judgement, snapshot, entrances: entrances, source: source.flatMap { IPAddress($0) })
            report = TraceReport(connection: connection, trace: trace)
        } else {
            report = try await here(try explained(snapshot).report(question), snapshot)
        }
        StandardOutput.write(report.text(output))
        if case .difference = report.finding { throw ExitStatus.finding }
    }

    private func explained(_ snapshot: ClusterSnapshot, _ entrances: Entrances = Entrances()) -> ExplainedCluster {
        let cluster = ExplainedCluster(snapshot, origin: "the cluster", entrances: entrances)
        for warning in cluster.warnings { StandardError.write("warning: \(warning)") }
        return cluster
    }

    /// On the node that this runs on, for a packet that somebody else sends.
    private func here(_ connection: ConnectionReport, _ snapshot: ClusterSnapshot) async throws -> TraceReport {
        if source != nil {
            throw CommandFailure(
                "nothing is sent outside of a lab, so there is no address to send from",
                remedy: "Leave --source away and send the packet yourself, or name a lab with --lab.")
        }
        let packets = try packets(connection)
        let agent = AgentReport.status(in: AgentReport.standardDirectory)?.node
        let node = snapshot.nodes.contains { $0.metadata.name == agent } ? agent : nil
        StandardError.write("waiting \(seconds) s for a packet of \(connection.title): open the connection now")
        let trace = try await Tracer(nodes: [Tracer.Node(name: node ?? "(none)", namespace: .current)])
            .overhear(packets, for: .seconds(seconds))
        let flow = connection.flow(taken: connection.way(to: trace.destination))
        return TraceReport(connection: connection, trace: trace, vantage: TraceVantage(flow, snapshot, node: node))
    }

    /// As the client sends them, and as nodes lead them on.
    private func packets(_ connection: ConnectionReport) throws -> [TracedPackets] {
        let (asked, ends) = (connection.judgement.asked, connection.ways.first?.explanation?.explanation)
        var (from, to) = (ends?.egress.end.address, ends?.ingress.end.address)
        if connection.plain == nil, case .address(let address) = asked.to {
            // Whom policies see may be the node.
            if case .address(let client) = asked.from { from = client }
            to = address
        }
        guard let to else {
            throw CommandFailure("\(asked.to) has no address", remedy: "Wait until it runs, or name an address.")
        }
        let packets = TracedPackets(from: from, to: to, asked.transport, port: asked.port ?? 0)
        let endpoints = connection.judgement.ways.compactMap(\.endpoint?.backend)
        return [packets] + Set(endpoints).map { packets.led(to: SocketAddress($0.address, port: $0.port)) }
    }
}
