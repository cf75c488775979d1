import ArgumentParser
import Foundation
import KubernetesClient

/// What every program that serves a cluster is told: whose API it asks, and how much it says.
struct ServiceOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "The kubeconfig; by default KUBECONFIG, the pod's service account or ~/.kube/config.", valueName: "file"),
        completion: .file())
    var kubeconfig: String?

    @Option(
        name: .customLong("log-level"), help: ArgumentHelp("How much to say on standard error.", valueName: "level"))
    var logLevel: LogLevel = .info

    func configuration() throws -> ClusterConfiguration { try ClusterConfiguration.find(kubeconfig: kubeconfig) }
}

/// The same for one of them on each node.
struct NodeServiceOptions: ParsableArguments {
    @Option(help: ArgumentHelp("This node's name in the API; by default the host's name.", valueName: "name"))
    var node: String?

    @OptionGroup var service: ServiceOptions

    var nodeName: String { node ?? ProcessInfo.processInfo.hostName }
}
