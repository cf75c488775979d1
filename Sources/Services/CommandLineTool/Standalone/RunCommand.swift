package import ArgumentParser
import EmbeddedAPI
import Foundation
import LinuxSystem
import Logging
import NetworkTypes
import ServiceLifecycle
import Standalone
import UnixSignals

/// `gabion run`: one machine without Kubernetes.
package struct RunCommand: AsyncParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "run",
        abstract: "Secure the containers of podman and containerd on this machine.",
        usage: "gabion run [<options>]",
        discussion: """
            API server, controller, agent and learner of names, each as a process of
            its own, without Kubernetes. Containers that join the network "gabion"
            become pods: those that are declared in the API have the labels that are
            declared there, others the label gabion.io/container=NAME. Needs root, and
            gabion-cni in the runtime's folder of plugins.

              gabion run

            In another terminal:
              export KUBECONFIG=/var/lib/gabion/api/admin.kubeconfig
              kubectl apply -f policies.yaml
              podman run --network gabion --name web ...
              ctr run --cni IMAGE web ...

            Ends at SIGTERM or SIGINT; the kernel keeps enforcing, and containers that
            run keep their network. As a service, and how to take everything away:
            docs/operations/standalone.md.
            """)

    @Option(help: ArgumentHelp("This machine's name in the API; by default the host's name.", valueName: "name"))
    var node: String?

    @Option(
        help: ArgumentHelp(
            "The address by which containers know this machine; by default that of its default route.",
            valueName: "address"))
    var address: String?

    @Option(
        name: .customLong("data-dir"), help: ArgumentHelp("Where everything is kept.", valueName: "dir"),
        completion: .directory)
    var dataDirectory = "/var/lib/gabion"

    @Option(
        name: .customLong("run-dir"), help: ArgumentHelp("Where the sockets and statuses are.", valueName: "dir"),
        completion: .directory)
    var runDirectory = "/run/gabion"

    @Option(help: ArgumentHelp("Where the API is served.", valueName: "host:port"))
    var listen = "127.0.0.1:6443"

    @Option(
        name: .customLong("pod-network"),
        help: ArgumentHelp("Where containers have their addresses; at the first start.", valueName: "cidr"))
    var podNetwork = "10.128.0.0/14"

    @Option(
        name: .customLong("service-network"),
        help: ArgumentHelp("Where services have theirs; at the first start.", valueName: "cidr"))
    var serviceNetwork = "172.30.0.0/16"

    @Option(help: ArgumentHelp("The namespace of containers that name none.", valueName: "name"))
    var namespace = "default"

    @Option(
        name: .customLong("cni-conf-dir"),
        help: ArgumentHelp("Where the runtime looks for networks; \"none\" writes nothing.", valueName: "dir"),
        completion: .directory)
    var runtimeDirectory = "/etc/cni/net.d"

    @Option(
        name: .customLong("log-level"), help: ArgumentHelp("How much to say on standard error.", valueName: "level"))
    var logLevel: LogLevel = .notice

    package init() {}

    package mutating func validate() throws {
        if let address, IPAddress(address) == nil {
            throw ValidationError("--address: \"\(address)\" is no address; try 192.0.2.10")
        }
        let ranges = [
            ("--pod-network", podNetwork, "10.128.0.0/14"), ("--service-network", serviceNetwork, "172.30.0.0/16"),
        ]
        for (option, text, example) in ranges where CIDR(text) == nil {
            throw ValidationError("\(option): \"\(text)\" is no range of addresses; try \(example)")
        }
        if let pods = CIDR(podNetwork), let services = CIDR(serviceNetwork), pods.overlaps(services) {
            throw ValidationError("--pod-network \(pods) and --service-network \(services) overlap")
        }
        if let pods = CIDR(podNetwork), pods.prefixLength > pods.address.family.bitWidth - 9 {
            throw ValidationError("--pod-network: \(pods) is too small; a machine has a part of 512 addresses")
        }
        if (try? ListenAddress(listen)) == nil {
            throw ValidationError("--listen: \"\(listen)\" is no address; try 127.0.0.1:6443")
        }
    }

    package func run() async throws {
        try RootCheck.require(for: "gabion run")
        let logger = logLevel.logger("gabion.run")
        let settings = try settings()
        let machine = StandaloneMachine(settings, logger: logger) {
            ReadyLine.print("gabion is ready: containers of the network \"gabion\" are pods of node \(settings.node)")
            ReadyLine.print("ask it with KUBECONFIG=\(settings.adminKubeconfig)")
        }
        let group = ServiceGroup(
            configuration: ServiceGroupConfiguration(
                services: [
                    .init(service: machine, successTerminationBehavior: .gracefullyShutdownGroup)
                ], gracefulShutdownSignals: [.sigterm, .sigint], logger: logger))
        do {
            try await group.run()
        } catch let error as StandaloneError {
            throw CommandFailure("\(error)")
        }
        logger.notice("ended, as a signal asked; the kernel keeps enforcing")
    }

    private func settings() throws -> StandaloneSettings {
        guard let pods = CIDR(podNetwork), let services = CIDR(serviceNetwork) else { throw ExitStatus.impossible }
        var settings = StandaloneSettings(
            node: node ?? ProcessInfo.processInfo.hostName, address: try ownAddress(pods.address.family),
            podNetwork: pods, serviceNetwork: services,
            program: try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe"))
        settings.dataDirectory = dataDirectory
        settings.runDirectory = runDirectory
        settings.listen = listen
        settings.namespace = namespace
        settings.runtimeDirectory = runtimeDirectory == "none" ? nil : runtimeDirectory
        settings.logLevel = logLevel.rawValue
        return settings
    }

    /// The one that the kernel would send from to hosts far away; nothing is sent.
    private func ownAddress(_ family: IPAddress.Family) throws -> IPAddress {
        if let address = address.flatMap({ IPAddress($0) }) { return address }
        do {
            let socket = try Socket(.udp, family)
            let far = family == .v4 ? IPAddress(v4: 0xC000_0201) : IPAddress(family: .v6, bits: 0x2001_0DB8 << 96 | 1)
            _ = try socket.connect(to: SocketAddress(far, port: 9))
            if let own = try socket.localAddress()?.address { return own }
        } catch {}
        throw CommandFailure(
            "this machine has no default route, so its address is not known", remedy: "Name it with --address.")
    }
}
