package import ArgumentParser
import ClusterController
import ClusterDNS
import DNSFormats
import Foundation
import KubernetesClient
import LinuxSystem
import Logging
import NetworkTypes
import ServiceLifecycle
import UnixSignals

/// `gabion dns`: the names of the cluster's services.
package struct DNSCommand: AsyncParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "dns",
        abstract: "Tell pods and nodes the names of services.",
        usage: "gabion dns [--kubeconfig <file>] [--upstream <address> ...] [<options>]",
        discussion: """
            Answers for service.namespace.svc.cluster.local by Kubernetes' DNS
            specification, and asks upstreams for everything else. When the API is away,
            it goes on with what it knew. Beside a Kubernetes it ends at once: there is a
            cluster DNS already.

            Run one on each node as the pod of a Service kube-system/kube-dns, so that
            policies decide who may ask it (docs/design/dns.md). Its user needs to read
            services, endpoint slices, namespaces and pods:
              gabion apiserver issue --data-dir D --user gabion:dns --group gabion:readers

              gabion dns --kubeconfig dns.kubeconfig --upstream 192.0.2.53

            What pods were told about names that policies mention: gabion dns names
            """,
        subcommands: [LearnedNamesCommand.self])

    @Option(help: ArgumentHelp("The domain of the cluster.", valueName: "domain"))
    var zone = "cluster.local"

    @Option(
        help: ArgumentHelp(
            "Listen here, as 10.0.0.10 or [fd00::10]:5353; by default at every address. May be repeated.",
            valueName: "address"))
    var listen: [String] = []

    @Option(
        help: ArgumentHelp(
            "Ask this server for other names, or 'none'; by default those of /etc/resolv.conf. May be repeated.",
            valueName: "address"))
    var upstream: [String] = []

    @Option(
        help: ArgumentHelp(
            "Answer these clients only; by default private addresses. May be repeated.", valueName: "CIDR"))
    var client: [String] = []

    @Option(
        name: .customLong("metrics-listen"),
        help: ArgumentHelp(
            "Show Prometheus metrics, and /ready, to everybody at this address, as 127.0.0.1:9153.",
            valueName: "host:port"))
    var metricsListen: String?

    @Flag(name: .customLong("beside-kubernetes"), help: "Run although the API server is a Kubernetes.")
    var besideKubernetes = false

    @OptionGroup var options: ServiceOptions

    package init() {}

    package mutating func validate() throws {
        guard let domain = DomainName(zone), !domain.isRoot else {
            throw ValidationError("--zone: \"\(zone)\" is no domain; cluster.local is usual")
        }
        for text in listen where DNSPlace(text) == nil {
            throw ValidationError("--listen: \"\(text)\" is no address; try 10.0.0.10 or [fd00::10]:53")
        }
        for text in upstream where text != "none" && DNSPlace(text) == nil {
            throw ValidationError("--upstream: \"\(text)\" is no address; try 192.0.2.53 or [2001:db8::53]:53")
        }
        if upstream.contains("none"), upstream.count > 1 {
            throw ValidationError("--upstream none is for a server that asks nobody: leave out the others")
        }
        for text in client where CIDR(text) == nil {
            throw ValidationError("--client: \"\(text)\" is no range; try 10.128.0.0/14")
        }
        if let metricsListen, DNSPlace(metricsListen) == nil {
            throw ValidationError("--metrics-listen: \"\(metricsListen)\" is no address; try 127.0.0.1:9153")
        }
    }

    package func run() async throws {
        let logger = options.logLevel.logger("gabion.dns")
        // A socket per question that is being forwarded.
        try Host.raiseDescriptorLimit(to: 8192)
        let cluster = try options.configuration()
        let configuration = try settings()
        try await KubernetesClient.withClient(cluster, logger: logger) { client in
            do {
                let server = try ClusterDNS(
                    zone: DomainName(zone) ?? .root, configuration, client: client, logger: logger,
                    isEmbedded: { await ServerIdentity(client: client, logger: logger).isOurs() })
                let group = ServiceGroup(
                    configuration: ServiceGroupConfiguration(
                        services: [.init(service: server)], gracefulShutdownSignals: [.sigterm, .sigint],
                        logger: logger))
                try await group.run()
                logger.info("ended, as a signal asked")
            } catch let error as ClusterDNSError {
                throw CommandFailure("\(error)", remedy: error.remedy)
            }
        }
    }

    private func settings() throws -> ClusterDNSConfiguration {
        let everywhere = IPAddress.Family.allCases.filter(Self.hasFamily).map {
            DNSPlace(IPAddress(family: $0, bits: 0))
        }
        var configuration = ClusterDNSConfiguration(
            listeners: listen.isEmpty ? everywhere : listen.compactMap { DNSPlace($0) }, upstreams: try upstreams())
        if !client.isEmpty { configuration.clients = client.compactMap { CIDR($0) } }
        configuration.metrics = metricsListen.flatMap { DNSPlace($0) }
        configuration.servesBesideKubernetes = besideKubernetes
        return configuration
    }

    private func upstreams() throws -> [DNSPlace] {
        if !upstream.isEmpty { return upstream.compactMap { DNSPlace($0) } }
        let path = "/etc/resolv.conf"
        let text = FileManager.default.contents(atPath: path).map { String(decoding: $0, as: UTF8.self) } ?? ""
        let places = ResolverFile(parsing: text).nameservers.map { DNSPlace($0) }
        guard !places.isEmpty else {
            throw CommandFailure(
                "\(path) names no server to ask for other names",
                remedy: "Name one with --upstream, or give --upstream none.")
        }
        return places
    }

    /// Some machines have no IPv6.
    private static func hasFamily(_ family: IPAddress.Family) -> Bool { (try? Socket(.udp, family)) != nil }
}
